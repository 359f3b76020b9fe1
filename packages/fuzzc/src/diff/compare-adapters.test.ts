import type { Adapter, AdapterLayer } from "@fuzzc/program";
import { expect, test } from "vitest";
import { compareAdapters } from "./compare-adapters.ts";

const [dIn, dOut] = [5, 4];

function layer(rank: number, seed: number): AdapterLayer {
  const fill = (size: number, phase: number) =>
    Float32Array.from({ length: size }, (_, index) => Math.sin(index * 1.7 + phase));
  return { a: fill(rank * dIn, seed), b: fill(dOut * rank, seed + 9), dIn, dOut };
}

function adapter(rank: number, layers: Record<string, AdapterLayer>, alpha = rank): Adapter {
  return { architecture: "llama", rank, alpha, layers: new Map(Object.entries(layers)) };
}

/** scale · alpha / rank · B A, as it stands. */
function multiply({ a, b }: AdapterLayer, rank: number, factor: number): number[] {
  return Array.from({ length: dOut * dIn }, (_, at) => {
    const [row, column] = [Math.floor(at / dIn), at % dIn];
    let sum = 0;
    for (let i = 0; i < rank; i++) {
      sum += b[row * rank + i]! * a[i * dIn + column]!;
    }
    return sum * factor;
  });
}

const norm = (values: number[]) => Math.hypot(...values);

test("is the relative norm of the difference of the products", () => {
  const [one, other] = [layer(2, 1), layer(3, 2)];
  const changes = compareAdapters(
    { adapter: adapter(2, { "blk.7.attn_q.weight": one }, 8), scale: 0.5 },
    { adapter: adapter(3, { "blk.7.attn_q.weight": other }), scale: 1 },
  );
  const [left, right] = [multiply(one, 2, 2), multiply(other, 3, 1)];
  const difference = left.map((value, index) => value - right[index]!);
  const expected = norm(difference) / Math.max(norm(left), norm(right));
  expect(changes).toEqual([{ layer: 7, module: "attn_q", change: expect.closeTo(expected, 6) }]);
});

test("is 0 for the same, 2 for the opposite, 1 where one has none", () => {
  const same = layer(2, 1);
  const opposite = { ...same, b: same.b.map((value) => -value) };
  const a = {
    "blk.10.ffn_up.weight": same,
    "blk.9.ffn_up.weight": same,
    "blk.9.attn_k.weight": same,
  };
  const b = { "blk.9.attn_k.weight": opposite, "blk.10.ffn_up.weight": same };
  const changes = compareAdapters(
    { adapter: adapter(2, a), scale: 1 },
    { adapter: adapter(2, b), scale: 1 },
  );
  expect(changes).toEqual([
    { layer: 9, module: "attn_k", change: 2 },
    { layer: 9, module: "ffn_up", change: 1 },
    { layer: 10, module: "ffn_up", change: 0 },
  ]);
  expect(compareAdapters(undefined, undefined)).toEqual([]);
});
