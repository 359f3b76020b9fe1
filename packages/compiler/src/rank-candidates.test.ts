import { scoreCandidates } from "@fuzzc/interpreter";
import { expect, test } from "vitest";
import { type EncodedList, learnRanking } from "./rank-candidates.ts";

const list = (right: string, a: number[], b: number[], query?: number[]): EncodedList => ({
  query: query && Float32Array.from(query),
  candidates: [
    { label: "a", vector: Float32Array.from(a) },
    { label: "b", vector: Float32Array.from(b) },
  ],
  right,
});
const labels = ["a", "b", "none"];

test("without examples the candidate nearest to what is looked for wins", () => {
  const ranking = learnRanking([], 2);
  const [a, b, none] = scoreCandidates(list("b", [1, 0], [0, 1], [0.1, 0.9]), labels, ranking);
  expect(b).toBeGreaterThan(a as number);
  expect(none).toBe(0);
});

test("without anything to look for, all candidates are alike", () => {
  expect(scoreCandidates(list("b", [1, 0], [0, 1]), labels, learnRanking([], 2))).toEqual([
    0.5, 0.5, 0,
  ]);
});

test("examples tell what right candidates have more of", () => {
  const shown = [list("a", [1, 0], [0, 1]), list("b", [0, 1], [1, 0]), undefined];
  const [a, b] = scoreCandidates(list("?", [0.2, 1], [0.9, 0]), labels, learnRanking(shown, 2));
  expect(b).toBeGreaterThan(a as number);
});

test("an example whose right label lists nothing says nothing", () => {
  expect([...learnRanking([list("none", [1, 0], [0, 1])], 2).direction]).toEqual([0, 0]);
});
