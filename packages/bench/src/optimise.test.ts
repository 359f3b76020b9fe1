import { expect, test } from "vitest";
import { readCorpus, readFunctions, splitCorpus } from "./corpus.ts";
import { root } from "./open-models.ts";
import { type OptimiseResult, planTasks } from "./optimise.ts";
import { chooseQuestions, outputTypes } from "./optimise-questions.ts";
import { formatOptimise } from "./optimise-report.ts";

const corpus = splitCorpus(await readCorpus(`${root}corpus`)).heldout;
const generated = await readFunctions(`${root}packages/bench/functions/many-cases.jsonl`);
const questions = chooseQuestions(corpus, generated);

test("24 held-out functions, eight of each output type, and generated ones with 48 examples", () => {
  for (const type of outputTypes) {
    const own = questions.filter((question) => question.type === type);
    expect(own.filter((question) => !question.generated)).toHaveLength(8);
    expect(own.some((question) => question.generated)).toBe(true);
  }
  expect(questions.slice(0, 3).map(({ type }) => type)).toEqual([...outputTypes]);
});

test("there are enough examples, and none is asked", () => {
  for (const { examples, asked, counts } of questions) {
    expect(examples.length).toBeGreaterThanOrEqual(Math.max(...counts));
    const given = new Set(examples.map(({ input }) => input));
    expect(asked.filter(({ input }) => given.has(input))).toEqual([]);
  }
});

test("-O0 is measured without examples, what learns from them with them", () => {
  const [labels] = questions;
  const planned = planTasks([labels!]).map(({ way, examples }) => `${way} ${examples}`);
  expect(planned.slice(0, 6)).toEqual(["base 0", "O0 0", "base 16", "tfidf 16", "O1 16", "O2 16"]);
});

test("bars are met, missed, or not measured", () => {
  const result: OptimiseResult = {
    ...{ compiler: "c", id: "f", type: "text", generated: false, way: "O1", examples: 16 },
    ...{ right: 1, total: 8, cpuSeconds: 5, sizeBytes: 7000 },
  };
  const report = formatOptimise(
    [
      result,
      { ...result, way: "O2", right: 3 },
      { ...result, id: "g", generated: true, way: "O2", examples: 24, cpuSeconds: 61 },
    ],
    { tokens: 259, ownSeconds: 2, pytorchSeconds: 1 },
  );
  expect(report).toContain("text: +25.0 points (95 %: +25.0 to +25.0); bar: at least +15: met");
  expect(report).toContain("labels: not measured");
  expect(report).toContain("61.0 at most; bar: under 60: missed");
  expect(report).toContain("2.00 times; bar: at most 2.5 times: met");
  expect(report).toContain("| -O1 | 12.5 (12.5–12.5) |");
});
