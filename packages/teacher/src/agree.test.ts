import { expect, test } from "vitest";
import { agree } from "./agree.ts";

test.each([
  ["now", "now", true],
  ["a  b ", "a b", true],
  ["Now", "now", false],
  ["a.", "a", false],
  [{ a: 1, b: [" x"] }, { b: ["x"], a: 1 }, true],
  [{ a: 1 }, { a: 1, b: null }, false],
  [[1, 2], [2, 1], false],
  [1, "1", false],
  [null, null, true],
])("%j and %j", (first, second, same) => {
  expect(agree(first, second)).toBe(same);
});
