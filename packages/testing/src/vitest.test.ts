import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type FuzzyFunction, fuzzy } from "fuzzc";
import { afterAll, beforeAll, expect, test } from "vitest";
import "./vitest.ts";

const review = (examples: string) => `spec: |
  Is the review good or bad?
  good: the customer liked it. bad: the customer did not.
output: [good, bad]
interpreter: encoder
tests: ${examples}
`;

let folder: string;
let judge: FuzzyFunction<"good" | "bad">;
let careful: FuzzyFunction<"good" | "bad" | null>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fuzzc-matchers-"));
  const spec = "Is the review good or bad? good: the customer liked it. bad: they did not.";
  const options = { spec, output: ["good", "bad"], interpreter: "encoder" } as const;
  judge = await fuzzy(options);
  careful = await fuzzy({ ...options, minProbability: 0.999 });
});

afterAll(async () => {
  await judge.dispose();
  await careful.dispose();
  await rm(folder, { recursive: true });
});

const liked = "The customer liked it very much, it is really good.";

test("toAnswer", async () => {
  await expect(judge).toAnswer(liked, "good");
  await expect(judge).toAnswer(liked, "good", { minProbability: 0.4 });
  await expect(judge).toAnswer(liked, expect.stringMatching(/^g/));
  await expect(judge).not.toAnswer(liked, "bad");
  await expect(careful).toAnswer(liked, null);

  const error = await expect(judge)
    .toAnswer(liked, "bad")
    .then(undefined, (error) => error);
  expect(error.message).toMatch(
    /^input {4}"The customer .*"\nexpected "bad"\ngot {6}"good" \(good 0\.\d\d, bad 0\.\d\d\)$/,
  );
  expect(error).toMatchObject({ actual: "good", expected: "bad" });
  await expect(expect(judge).toAnswer(liked, "good", { minProbability: 1 })).rejects.toThrow(
    'expected "good", with a probability of at least 1',
  );
  await expect(expect(judge).not.toAnswer(liked, "good")).rejects.toThrow(
    /^This is not expected:\ninput/,
  );
  await expect(expect(judge).toAnswer(7 as unknown as string, "bad")).rejects.toMatchObject({
    code: "FUZZ_INPUT_INVALID",
  });
});

test("toAbstainOn", async () => {
  await expect(careful).toAbstainOn("A table of oak.");
  await expect(judge).not.toAbstainOn("A table of oak.");
  await expect(expect(judge).toAbstainOn(liked)).rejects.toThrow(
    /expected an abstention\ngot {6}"good" \(/,
  );
  await expect(expect(careful).not.toAbstainOn(liked)).rejects.toThrow(
    /got {6}null \(abstained from "good"; good/,
  );
});

test("toScoreAtLeast", async () => {
  const cases = [
    { input: liked, output: "good" },
    { input: "The customer did not like it, it is really bad.", output: "bad" },
    { input: liked, output: "bad" },
    { input: 7 as unknown as string, output: "bad" },
  ] as const;
  await expect(judge).toScoreAtLeast(0.5, cases);
  await expect(careful).toScoreAtLeast(1, [{ input: liked, output: null }]);
  const error = await expect(judge)
    .toScoreAtLeast(0.75, cases)
    .then(undefined, (error) => error);
  expect(error.message).toMatch(/^2 of 4 right; a score of 0\.75 is expected\ninput {4}"The/);
  expect(error.expected).toEqual(cases.slice(2));
  expect(error.actual[0]).toEqual({ input: liked, output: "good" });
  await expect(expect(judge).toScoreAtLeast(0.5, [])).rejects.toMatchObject({
    code: "FUZZ_OPTION_INVALID",
  });
});

test("toPassItsTests", async () => {
  const path = join(folder, "review.fuzz.yaml");
  await writeFile(path, review(`[{ input: "${liked}", output: good }]`));
  await expect(path).toPassItsTests();
  await writeFile(path, review(`[{ input: "${liked}", output: bad }]`));
  await expect(path).not.toPassItsTests();
  await expect(expect(path).toPassItsTests()).rejects.toThrow(
    /review\.fuzz\.yaml\nFAIL "The customer .*"\n {2}expected "bad"\n {2}got {6}"good" .*\n0 of 1 tests passed$/,
  );
  await writeFile(path, review("[]"));
  await expect(expect(path).toPassItsTests()).rejects.toMatchObject({ code: "FUZZ_NO_TESTS" });
  await writeFile(path, review("[{ input: a, output: so-so }]"));
  await expect(expect(path).toPassItsTests()).rejects.toThrow(/review\.fuzz\.yaml:6:29: label/);
});

test("inputs and outputs are typed by the function", () => {
  const neverRun = async () => {
    // @ts-expect-error there is no such label
    await expect(judge).toAnswer(liked, "goood");
    // @ts-expect-error it takes a text
    await expect(judge).toAbstainOn({ text: liked });
    // @ts-expect-error there is no such label
    await expect(judge).toScoreAtLeast(1, [{ input: liked, output: "goood" }]);
  };
  expect(neverRun).toBeTypeOf("function");
});
