import { expect, test } from "vitest";
import { errorFunction, gelu } from "./error-function.ts";

// Values from the tables of Abramowitz & Stegun, chapter 7.
test.each([
  [0, 0],
  [0.5, 0.5204998778130465],
  [1, 0.8427007929497149],
  [2, 0.9953222650189527],
  [2.999, 0.9999777789620508],
  [3.5, 0.9999992569016276],
  [6, 1],
])("erf(%d)", (x, value) => {
  expect(Math.abs(errorFunction(x) - value)).toBeLessThan(1e-8);
  expect(errorFunction(-x) + errorFunction(x)).toBe(0);
});

test("the two branches meet", () => {
  expect(Math.abs(errorFunction(3 - 1e-9) - errorFunction(3))).toBeLessThan(1e-12);
});

test("gelu leaves large numbers and clears small ones", () => {
  expect(gelu(10)).toBeCloseTo(10, 12);
  expect(Math.abs(gelu(-10))).toBeLessThan(1e-12);
  expect(gelu(1)).toBeCloseTo(0.8413447460685429, 12);
});
