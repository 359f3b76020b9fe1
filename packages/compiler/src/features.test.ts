import { expect, test } from "vitest";
import { poolFeatures } from "./features.ts";

// Two layers, three positions, two numbers each.
const states = [Float32Array.from([9, 9, 1, 2, 3, 4]), Float32Array.from([9, 9, 10, 20, 30, 40])];

test("concat joins the layers' means over the positions", () => {
  expect([...poolFeatures(states, 2, { from: 1, to: 3 }, "concat")]).toEqual([2, 3, 20, 30]);
});

test("mean averages the layers too, as the official compilers do", () => {
  expect([...poolFeatures(states, 2, { from: 1, to: 3 }, "mean")]).toEqual([11, 16.5]);
});
