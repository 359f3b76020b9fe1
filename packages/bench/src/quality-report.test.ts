import { expect, test } from "vitest";
import { configurations } from "./configurations.ts";
import { readCorpus, splitCorpus } from "./corpus.ts";
import type { Tally } from "./interval.ts";
import { root } from "./open-models.ts";
import type { FunctionResult } from "./quality.ts";
import { makeQuestions } from "./quality.ts";
import { formatQuality } from "./quality-report.ts";
import { barGroups, summariseQuality } from "./quality-summary.ts";

const tallies = (right: number) =>
  Object.fromEntries(configurations.map((name) => [name, { right, total: 8 }])) as Record<
    (typeof configurations)[number],
    Tally
  >;
const inSpec = {
  program: { own: [0.9, 0.8], others: [0.1, 0.2], nearMisses: [0.85] },
};
const results: FunctionResult[] = [
  {
    ...{ id: "a", domain: "code", category: "classify", type: "labels" },
    tallies: {
      ...tallies(2),
      program: { right: 6, total: 8 },
      majority: { right: 1, total: 8 },
      tfidf: { right: 4, total: 8 },
    },
    claims: { program: [{ probability: 0.75, right: true }] },
    ...{ inSpec, failed: {} },
  },
  {
    ...{ id: "b", domain: "data", category: "repair", type: "json" },
    ...{ tallies: tallies(0), claims: {}, inSpec: {}, failed: { wrong: "too long" } },
  },
];

test("figures are by group, and only of rows that all functions of a group have", () => {
  const summary = summariseQuality(results, [], "smol");
  expect(summary.cases).toBe(16);
  expect(summary.all.program?.value).toBe(6 / 16);
  expect(summary.all.tfidf).toBeUndefined();
  expect(summary.byType.labels?.tfidf?.value).toBe(0.5);
  expect(summary.byDomain.data?.base?.value).toBe(0);
  expect(summary.calibrationError.program).toBe(0.25);
  // Four of the six pairs are of other functions; of the near miss's two, one is in the wrong order.
  expect(summary.inSpec.program?.all?.perFunction.value).toBeCloseTo(5 / 6, 10);
  expect(summary.inSpec.program?.all?.nearMisses).toBe(0.5);
});

test("the report names bars, differences and failures", () => {
  const report = formatQuality(summariseQuality(results, [], "smol"), results);
  expect(report).toContain("### smol");
  expect(report).toContain("label functions at -O0: 75.0 %; bar: at least 50 %: met");
  expect(report).toContain("label functions at -O1: 25.0 %; bar: at least 58 %: missed");
  expect(report).toContain("- program − base: +25.0 points");
  expect(report).toContain("- b, wrong: too long");
});

test("repair of JSON has the package beside it, and says where its functions come from", () => {
  const repair = { ...results[1]!, tallies: { ...tallies(1), jsonrepair: { right: 7, total: 8 } } };
  const report = formatQuality(summariseQuality(results, [repair], "smol"), results);
  expect(report).toContain("held-out generated families");
  expect(report).toContain("| the npm package jsonrepair | 87.5 (87.5–87.5) |");
});

test("the plot has a bar for each row of each group", () => {
  const groups = barGroups(summariseQuality(results, [], "smol"));
  expect(groups.map(({ bars }) => bars.length)).toEqual([8, 10, 8]);
});

test("inputs outside a function are fixed, and none is of the function itself", async () => {
  const functions = splitCorpus(await readCorpus(`${root}corpus`)).validation;
  const [first] = makeQuestions(functions);
  const own = new Set(functions[0]!.cases.map(([input]) => input));
  expect(first!.outside.others).toHaveLength(8);
  expect(first!.outside.others.some((input) => own.has(input))).toBe(false);
  expect(makeQuestions(functions)[0]!.outside).toEqual(first!.outside);
});
