import { expect, test } from "vitest";
import { rocArea } from "./roc-area.ts";

test("the area is the share of pairs in the right order", () => {
  expect(rocArea([0.9, 0.8], [0.1, 0.2])).toBe(1);
  expect(rocArea([0.1], [0.9])).toBe(0);
  expect(rocArea([0.5, 0.5], [0.5])).toBe(0.5);
  expect(rocArea([3, 1], [2, 0])).toBe(0.75);
  expect(rocArea([], [1])).toBeNaN();
});
