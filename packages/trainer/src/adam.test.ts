import { expect, test } from "vitest";
import { Adam, clip } from "./adam.ts";

test("finds the minimum of a bowl, each span at its own rate", () => {
  const goal = Float32Array.of(3, -2, 0.5, 0.5);
  const values = new Float32Array(4);
  const adam = new Adam(4);
  const spans = [
    { start: 0, end: 3, rate: 0.1 },
    { start: 3, end: 4, rate: 0 },
  ];
  for (let step = 0; step < 400; step++) {
    const gradient = values.map((value, index) => value - goal[index]!);
    adam.update(values, gradient, spans, 1 - step / 400);
  }
  expect(values[0]).toBeCloseTo(3, 1);
  expect(values[1]).toBeCloseTo(-2, 1);
  expect(values[2]).toBeCloseTo(0.5, 1);
  expect(values[3]).toBe(0);
});

test("makes PyTorch's first two steps", () => {
  // torch.optim.AdamW([1, -2], lr=0.1, betas=(0.9, 0.98), weight_decay=0.01) under gradients [0.5, 4], then [-1, 1].
  const values = Float32Array.of(1, -2);
  const adam = new Adam(2);
  const spans = [{ start: 0, end: 2, rate: 0.1 }];
  adam.update(values, Float32Array.of(0.5, 4), spans, 1);
  expect([...values]).toEqual([expect.closeTo(0.899, 5), expect.closeTo(-2.098, 5)]);
  adam.update(values, Float32Array.of(-1, 1), spans, 1);
  expect([...values]).toEqual([expect.closeTo(0.934_606, 5), expect.closeTo(-2.179_316, 5)]);
});

test("clips long gradients only", () => {
  const long = Float32Array.of(3, 4);
  expect(clip(long, 1)).toBe(5);
  expect([...long]).toEqual([expect.closeTo(0.6), expect.closeTo(0.8)]);
  const short = Float32Array.of(0.3, 0.4);
  clip(short, 1);
  expect([...short]).toEqual([...Float32Array.of(0.3, 0.4)]);
});
