import { expect, test } from "vitest";
import { differenceInterval, rate, rateInterval } from "./interval.ts";

const tallies = (rights: number[]) => rights.map((right) => ({ right, total: 10 }));

test("the interval holds the rate and narrows with more functions", () => {
  const few = tallies([1, 9, 4, 6]);
  const many = tallies(Array.from({ length: 100 }, (_, index) => [1, 9, 4, 6][index % 4]!));
  const width = ([low, high]: [number, number]) => high - low;
  expect(rate(few)).toBe(0.5);
  expect(rateInterval(few)[0]).toBeLessThan(0.5);
  expect(rateInterval(few)[1]).toBeGreaterThan(0.5);
  expect(width(rateInterval(many))).toBeLessThan(width(rateInterval(few)) / 2);
});

test("a constant gain on every function is certain, whatever the functions' own spread", () => {
  const [low, high] = differenceInterval(tallies([2, 8, 5]), tallies([1, 7, 4]));
  expect(low).toBeCloseTo(0.1, 10);
  expect(high).toBeCloseTo(0.1, 10);
});
