import { expect, test } from "vitest";
import { Random } from "./random.ts";
import { reduceRank } from "./reduce-rank.ts";

const [dIn, dOut] = [12, 9];

function draw(random: Random, count: number): Float32Array {
  return Float32Array.from({ length: count }, () => random.normal());
}

/** Σ b[i] a[i]ᵀ, dOut x dIn. */
function product(a: Float32Array, b: Float32Array): number[] {
  const result = new Array<number>(dOut * dIn).fill(0);
  for (let i = 0; i < a.length / dIn; i++) {
    for (let row = 0; row < dOut; row++) {
      for (let column = 0; column < dIn; column++) {
        result[row * dIn + column]! += b[i * dOut + row]! * a[i * dIn + column]!;
      }
    }
  }
  return result;
}

function distance(x: number[], y: number[]): number {
  return Math.hypot(...x.map((value, index) => value - y[index]!));
}

test("keeps what fits into the smaller rank", () => {
  const random = new Random(3);
  const [a2, b2] = [draw(random, 2 * dIn), draw(random, 2 * dOut)];
  // Rank 4 in form, 2 in truth: the second half repeats the first.
  const a = Float32Array.of(...a2, ...a2);
  const b = Float32Array.of(...b2, ...b2.map((value) => value * 0.5));
  const reduced = reduceRank({ rank: 4, pairs: new Map([["w", { a, b }]]) }, 2);
  const pair = reduced.pairs.get("w")!;
  expect(pair.a).toHaveLength(2 * dIn);
  expect(distance(product(pair.a, pair.b), product(a, b))).toBeLessThan(1e-4);
});

test("drops the least", () => {
  const random = new Random(4);
  const [a, b] = [draw(random, 3 * dIn), draw(random, 3 * dOut)];
  const whole = product(a, b);
  const at = (rank: number) => {
    const pair = reduceRank({ rank: 3, pairs: new Map([["w", { a, b }]]) }, rank).pairs.get("w")!;
    return distance(product(pair.a, pair.b), whole);
  };
  const [one, two] = [at(1), at(2)];
  expect(two).toBeLessThan(one);
  // The plainest other ways to rank 2 can't be closer.
  for (let dropped = 0; dropped < 3; dropped++) {
    const keep = (rows: Float32Array, length: number) =>
      rows.filter((_, index) => Math.floor(index / length) !== dropped);
    expect(two).toBeLessThanOrEqual(distance(product(keep(a, dIn), keep(b, dOut)), whole));
  }
});

test("leaves a smaller rank and an adapter that does nothing as they are", () => {
  const a = draw(new Random(5), 2 * dIn);
  const none = { rank: 2, pairs: new Map([["w", { a, b: new Float32Array(2 * dOut) }]]) };
  expect(reduceRank(none, 2)).toBe(none);
  const pair = reduceRank(none, 1).pairs.get("w")!;
  expect(product(pair.a, pair.b).every((value) => value === 0)).toBe(true);
});
