import { expect, test } from "vitest";
import { fuzzy } from "./fuzzy.ts";
import { useTestHome } from "./test-home.fixture.ts";

useTestHome();

const topic = {
  spec: "What is the text about? animals: a living animal. weather: sun, rain, wind or snow.",
  output: ["animals", "weather"],
  examples: [
    { input: "The dog barked all night.", output: "animals" },
    { input: "Two cats slept in the box.", output: "animals" },
    { input: "It rained until the evening.", output: "weather" },
    { input: "A cold wind blew from the north.", output: "weather" },
  ],
} as const;
const inputs = ["The horse ran.", "Snow fell.", "My invoice is wrong.", "zzz", "7 + 8"];

test.each(["encoder", "language"] as const)(
  "a function on the %s abstains below its threshold, calibrated or given",
  async (interpreter) => {
    const options = { ...topic, interpreter, level: "O0" as const };
    const thresholds = [];
    for (const minProbability of [undefined, 0, 0.6, 1]) {
      await using judge = await fuzzy({ ...options, otherwise: "neither", minProbability });
      const { min_probability: threshold, min_in_spec: leastLike = 0 } =
        judge.program.meta.thresholds;
      thresholds.push(threshold);
      for (const input of inputs) {
        const { abstained, inSpec = 1, output, probability, text } = await judge.detail(input);
        expect(abstained).toBe(probability < threshold || inSpec < leastLike);
        expect(output).toBe(abstained ? "neither" : text);
        expect(topic.output).toContain(text);
      }
    }
    expect(thresholds.slice(1)).toEqual([0, 0.6, 1]);
    // No example that the spec alone answers right is withheld by the calibrated one.
    await using judge = await fuzzy({ ...options, otherwise: "neither" });
    const answers = [];
    for (const { input, output } of topic.examples) {
      answers.push({ ...(await judge.detail(input)), right: output });
    }
    const right = answers.filter(({ text, right }) => text === right);
    expect(right.map(({ abstained }) => abstained)).not.toContain(true);
    const lowest = Math.min(...right.map(({ probability }) => probability));
    expect(thresholds[0]).toBeCloseTo(lowest, 2);
  },
);

test("a text function abstains as well", async () => {
  const spec = "Write the text in capital letters.";
  await using shout = await fuzzy({ spec, otherwise: null, minProbability: 1 });
  const run = { maxOutputTokens: 20, whenTooLong: "cut" } as const;
  expect(await shout("hello", run)).toBe(null);
  expect((await shout.detail("hello", run)).abstained).toBe(true);
});

test("a threshold that is no probability is refused", async () => {
  await expect(fuzzy({ ...topic, minProbability: 60 })).rejects.toMatchObject({
    code: "FUZZ_OPTION_INVALID",
    message: "minProbability is 60, not a number from 0 to 1",
  });
});
