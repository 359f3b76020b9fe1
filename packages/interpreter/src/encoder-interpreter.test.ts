import { testEncoderPath } from "@fuzzc/llama";
import { encodeCoefficients, type Program, writeAdapter } from "@fuzzc/program";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type EncoderInterpreter, openEncoderInterpreter } from "./encoder-interpreter.ts";
import { makeProgram, testBase } from "./interpreter.fixture.ts";
import { scoreLabels } from "./score-labels.ts";

const base = {
  name: "all-minilm-l6-v2",
  source_sha256: "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
  quantisation: "Q8_0",
};
const labels = ["animals", "food", "money"];
const inputs = ["The dog barked all night.", "Soup with bread", "My bank raised its fees", "a cat"];
const expected = ["animals", "food", "money", "animals"];

let interpreter: EncoderInterpreter;
let topic: Program;
beforeAll(async () => {
  interpreter = await openEncoderInterpreter({ modelPath: testEncoderPath(), base, threads: 1 });
  topic = await makeTopic();
});
afterAll(() => interpreter?.dispose());

async function makeTopic(minProbability = 0): Promise<Program> {
  const vectors = await interpreter.embed(labels);
  const values = Float32Array.from(vectors.flatMap((vector) => [...vector]));
  return {
    ...makeProgram("What is it about?", { type: "labels", labels }, [], {
      base,
      prototypes: { size: 384, scale: 10 },
      thresholds: { min_probability: minProbability },
    }),
    prototypes: encodeCoefficients(values),
  };
}

/** The same program under an adapter of small random numbers. */
async function withAdapter(seed: number): Promise<Program> {
  const numbers = (count: number) =>
    Float32Array.from({ length: count }, (_, index) => Math.sin(seed + index * index) / 10);
  const pair = { a: numbers(4 * 384), b: numbers(4 * 384), dIn: 384, dOut: 384 };
  const layers = new Map([["blk.5.attn_v.weight", pair]]);
  const adapter = writeAdapter(
    { architecture: "bert", rank: 4, alpha: 4, layers },
    { type: "F16", headCounts: { heads: 12, kvHeads: 12 } },
  );
  const meta = { ...topic.meta, adapter: { form: "full" as const, scale: 1 } };
  return { ...topic, meta, adapter };
}

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) {
    all.push(item);
  }
  return all;
}

describe("a label function on the encoder", () => {
  test("answers the label whose prototype is nearest, with a probability for each", async () => {
    await using loaded = await interpreter.load(topic);
    const answer = await loaded.run(inputs[0] as string);
    expect(answer).toMatchObject({ output: "animals", text: "animals", abstained: false });
    const probabilities = Object.values(answer.labels ?? {});
    expect(Object.keys(answer.labels ?? {})).toEqual(labels);
    expect(probabilities.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 6);
    expect(answer.probability).toBe(Math.max(...probabilities));
    expect(answer.tokens).toEqual({ prefix: 0, input: 6, output: 0 });
  });

  test("answers many in their order, each as alone", async () => {
    await using loaded = await interpreter.load(topic);
    const many = Array.from({ length: 80 }, (_, index) => inputs[index % 4] as string);
    const answers = await collect(loaded.map(many));
    expect(answers.map(({ text }) => text)).toEqual(many.map((_, index) => expected[index % 4]));
    const alone = await loaded.run(inputs[1] as string);
    expect(answers[1]?.probability).toBeCloseTo(alone.probability, 1);
  });

  test("shares its passes with other programs, and keeps their answers apart", async () => {
    await using first = await interpreter.load(topic);
    const swapped = {
      ...topic,
      meta: { ...topic.meta, output: { type: "labels" as const, labels: labels.toReversed() } },
    };
    await using second = await interpreter.load(swapped);
    const [one, other] = await Promise.all([first.run("a cat"), second.run("a cat")]);
    expect([one.text, other.text]).toEqual(["animals", "money"]);
  });

  test("reads inputs under its adapter, and no other program's", async () => {
    const [first, second] = [await withAdapter(1), await withAdapter(2)];
    const loaded = await Promise.all([topic, first, second].map((one) => interpreter.load(one)));
    const alone: number[] = [];
    for (const one of loaded) {
      alone.push((await one.run("a cat")).probability);
    }
    expect(new Set(alone).size).toBe(3);
    const together = await Promise.all(loaded.map((one) => one.run("a cat")));
    expect(together.map(({ probability }) => probability)).toEqual(alone);
    for (const one of loaded) {
      await one.dispose();
    }
  });

  test("a bias moves the answer", async () => {
    const biased = { ...topic, meta: { ...topic.meta, label_bias: [0, 0, 50] } };
    await using loaded = await interpreter.load(biased);
    expect((await loaded.run("a cat")).text).toBe("money");
  });

  test("withholds what is below its threshold", async () => {
    await using loaded = await interpreter.load(await makeTopic(0.99));
    const answer = await loaded.run("seventeen");
    expect(answer).toMatchObject({ output: null, abstained: true });
    expect(labels).toContain(answer.text);
  });

  test("an input that is too long gives its error in its place", async () => {
    await using loaded = await interpreter.load(topic);
    const results = await collect(loaded.mapSettled(["a cat", "word ".repeat(600), "bread"]));
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    await expect(loaded.run("word ".repeat(600))).rejects.toMatchObject({
      code: "FUZZ_INPUT_TOO_LONG",
    });
    await expect(loaded.run("x".repeat(10 ** 6))).rejects.toMatchObject({
      code: "FUZZ_INPUT_TOO_LONG",
    });
    await expect(loaded.run(7 as unknown as string)).rejects.toMatchObject({
      code: "FUZZ_INPUT_INVALID",
    });
  });

  test("can be cancelled, timed out and disposed", async () => {
    const loaded = await interpreter.load(topic);
    const stop = new AbortController();
    const cancelled = loaded.run("a cat", { signal: stop.signal });
    stop.abort();
    await expect(cancelled).rejects.toMatchObject({ code: "FUZZ_CANCELLED" });
    const many = Array.from({ length: 200 }, () =>
      loaded.run("word ".repeat(400), { timeoutMs: 1 }),
    );
    const settled = await Promise.allSettled(many);
    expect(settled.at(-1)).toMatchObject({ reason: { code: "FUZZ_TIMEOUT" } });
    const ended = loaded.run("a cat");
    await loaded.dispose();
    await expect(ended).rejects.toMatchObject({ code: "FUZZ_DISPOSED" });
    await expect(loaded.run("a cat")).rejects.toMatchObject({ code: "FUZZ_DISPOSED" });
    await using next = await interpreter.load(topic);
    expect((await next.run("a cat")).text).toBe("animals");
  });
});

test("a program of another model, or without prototypes, is refused", async () => {
  const other = { ...topic, meta: { ...topic.meta, base: testBase } };
  await expect(interpreter.load(other)).rejects.toMatchObject({ code: "FUZZ_BASE_MISMATCH" });
  const { prototypes: _, ...bare } = topic;
  await expect(interpreter.load(bare)).rejects.toMatchObject({ code: "FUZZ_PROGRAM_INVALID" });
});

test("the same texts always give the same bits", async () => {
  const [first, second] = [await interpreter.embed(inputs), await interpreter.embed(inputs)];
  expect(second).toEqual(first);
});

test("labels are scored as softmax of scale times product, plus bias", () => {
  const prototypes = [Float32Array.of(1, 0), Float32Array.of(0, 0.5)];
  const [first, second] = scoreLabels(Float32Array.of(0.6, 0.8), {
    prototypes,
    scale: 2,
    bias: [0, Math.log(2)],
  });
  expect(first).toBeCloseTo(Math.exp(1.2) / (Math.exp(1.2) + 2 * Math.exp(0.8)), 6);
  expect((first as number) + (second as number)).toBeCloseTo(1, 12);
});
