import fc from "fast-check";
import { expect, test } from "vitest";
import { drawBatch, rateFactor } from "./schedule.ts";

const whole = (min: number, max: number) => fc.integer({ min, max });

test("a batch holds no example twice, and is the same each time", () => {
  fc.assert(
    fc.property(
      whole(1, 40),
      whole(1, 12),
      whole(0, 9),
      whole(0, 50),
      (count, batch, seed, step) => {
        const numbers = drawBatch(count, batch, seed, step);
        expect(new Set(numbers).size).toBe(Math.min(batch, count));
        expect(numbers.every((number) => number >= 0 && number < count)).toBe(true);
        expect(drawBatch(count, batch, seed, step)).toEqual(numbers);
      },
    ),
  );
});

test("a pass holds each example once", () => {
  const pass = [0, 1, 2, 3].flatMap((step) => drawBatch(32, 8, 1, step));
  expect(pass.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 32 }, (_, index) => index));
});

test("the rate rises, then falls towards 0", () => {
  const factors = Array.from({ length: 20 }, (_, step) => rateFactor(step, 20, 4));
  expect(factors[4]).toBe(1);
  expect(factors.slice(0, 5)).toEqual(factors.slice(0, 5).toSorted((a, b) => a - b));
  expect(factors.slice(4)).toEqual(factors.slice(4).toSorted((a, b) => b - a));
  expect(factors.at(-1)).toBeGreaterThan(0);
  expect(factors.at(-1)).toBeLessThan(0.02);
});
