import { mkdir, symlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { cacheFolder, defaultBaseModel, findBaseModel, modelPath } from "@fuzzc/models";
import { expect, test } from "vitest";
import { useProject } from "./test-project.ts";

const project = useProject({
  "review.fuzz.yaml": `interpreter: encoder
spec: "Judge the review. good: somebody liked it. bad: somebody did not."
output: [good, bad]
minProbability: 0.99
otherwise: unsure
examples:
  - { input: "I loved it", output: good }
  - { input: "Boring, and too long", output: bad }
`,
  "shout.fuzz.yaml": `interpreter: language
spec: Write the text in capital letters.
examples:
  - { input: hello there, output: HELLO THERE }
  - { input: good morning, output: GOOD MORNING }
`,
  "rank.fuzz.yaml": `interpreter: encoder
spec: Does the snippet do what the query says?
inputs: [query, snippet]
output: [yes, no]
`,
});
const { fuzzc } = project;

const explain = async (...words: string[]) => {
  const run = await fuzzc(["explain", ...words, "--json"]);
  expect(run).toMatchObject({ code: 0, stderr: "" });
  return JSON.parse(run.stdout);
};

test("says how likely each label is, what is near, and why it abstains", async () => {
  const run = await fuzzc(["explain", "review.fuzz.yaml", "A chair"]);
  expect(run).toMatchObject({ code: 0, stderr: "" });
  expect(run.stdout).toMatch(/^output: "unsure", probability 0\.\d{3}\nwithheld: "(good|bad)"\n/);
  expect(run.stdout).toContain("is below the threshold 0.990");
  expect(run.stdout).toMatch(/^ {2}(good|bad) +0\.\d{3} {2}█+$/m);
  expect(run.stdout).toContain("nearest examples, by the sentence encoder's cosine\n");
  expect(run.stdout).toMatch(/^ {2}label good: \d+ tokens\n {4}good: good: somebody liked it\.$/m);
  expect(run.stdout).toMatch(/^ {2}input +\d+\.\d ms {2}2 tokens$/m);
});

test("finds the example itself, and gives everything as JSON", async () => {
  const explained = await explain("review.fuzz.yaml", "Boring, and too long");
  expect(explained).toMatchObject({ input: "Boring, and too long", interpreter: "encoder" });
  const { good, bad } = explained.labels;
  expect(good + bad).toBeCloseTo(1);
  expect(explained.probability).toBe(Math.max(good, bad));
  expect(explained.nearest.by).toBe("encoder");
  const [first, second] = explained.nearest.examples;
  expect(first).toEqual({
    input: "Boring, and too long",
    output: "bad",
    similarity: expect.closeTo(1, 3),
  });
  expect(second.similarity).toBeLessThan(first.similarity);
});

test("shows the prompt of the language model in parts, whose tokens add up", async () => {
  const explained = await explain("shout.fuzz.yaml", "hello you");
  const { prompt, tokens, timings } = explained;
  expect(explained.interpreter).toBe("language");
  expect(prompt[0].text).toContain("Write the text in capital letters.\n\nOutput: text");
  expect(prompt.at(-1).text).toBe("<|im_start|>user\nhello you<|im_end|>\n<|im_start|>assistant\n");
  const all = prompt.reduce((sum: number, part: { tokens: number }) => sum + part.tokens, 0);
  // What ends the input's turn and begins the answer: two special tokens and two texts.
  const suffix = all - tokens.prefix - tokens.input;
  expect(suffix).toBeGreaterThanOrEqual(4);
  expect(suffix).toBeLessThanOrEqual(6);
  const { queueMs, prefixMs, inputMs, outputMs, totalMs } = timings;
  expect(queueMs + prefixMs + inputMs + outputMs).toBeCloseTo(totalMs, 3);
});

test("compares words where the encoder is not in the cache", async () => {
  const home = join(project.folder, ".home-without");
  const folder = basename(dirname(modelPath(findBaseModel(defaultBaseModel))));
  await mkdir(join(home, "models"), { recursive: true });
  await symlink(join(cacheFolder(), "derived"), join(home, "derived"), "junction");
  await symlink(join(cacheFolder(), "models", folder), join(home, "models", folder), "junction");
  const run = await fuzzc(["explain", "shout.fuzz.yaml", "Hello, you", "--json"], {
    env: { FUZZC_HOME: home },
  });
  expect(run).toMatchObject({ code: 0, stderr: "" });
  const { nearest } = JSON.parse(run.stdout);
  expect(nearest).toEqual({
    by: "words",
    examples: [
      { input: "hello there", output: "HELLO THERE", similarity: 1 / 3 },
      { input: "good morning", output: "GOOD MORNING", similarity: 0 },
    ],
  });
});

test("takes a program, and inputs by their names", async () => {
  expect((await fuzzc(["compile", "rank.fuzz.yaml"])).code).toBe(0);
  const explained = await explain("rank.paw", "--set", "query=a", "--set", "snippet=b");
  expect(explained.prompt.at(-1)).toMatchObject({ part: "input", text: "query: a\nsnippet: b" });
  expect(explained.nearest).toBeUndefined();
  const wrong = await fuzzc(["explain", "rank.paw", "a"]);
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining("{ query, snippet }") });
  const none = await fuzzc(["explain", "rank.paw"]);
  expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining("The input is missing") });
});
