import { expect, test } from "vitest";
import { nearestWord } from "./nearest-word.ts";

const keys = ["spec", "output", "otherwise", "examples", "tests", "minProbability"];

test.each([
  ["exmaples", "examples"],
  ["example", "examples"],
  ["outputs", "output"],
  ["test", "tests"],
  ["minprobability", "minProbability"],
  ["Spec", "spec"],
  ["spce", "spec"],
])("%s means %s", (word, meant) => {
  expect(nearestWord(word, keys)).toBe(meant);
});

test.each(["", "why", "description", "x".repeat(100_000)])("%.20s means none of them", (word) => {
  expect(nearestWord(word, keys)).toBeUndefined();
});
