import { expect, test } from "vitest";
import { labelBias, pickLabel } from "./label-bias.ts";

const labels = ["a", "b"];

test("a model that always leans to a label is set straight", () => {
  const leaning = [
    { a: 0.8, b: 0.2 },
    { a: 0.6, b: 0.4 },
  ];
  const bias = labelBias(labels, leaning, 1);
  expect(pickLabel(labels, { a: 0.8, b: 0.2 }, bias).label).toBe("a");
  expect(pickLabel(labels, { a: 0.6, b: 0.4 }, bias).label).toBe("b");
  expect(bias[0]! + bias[1]!).toBeCloseTo(0, 3);
});

test("strength 0 changes nothing", () => {
  expect(labelBias(labels, [{ a: 0.9, b: 0.1 }], 0)).toEqual([0, 0]);
  expect(pickLabel(labels, { a: 0.9, b: 0.1 }, [0, 0])).toEqual({ label: "a", probability: 0.9 });
});

test("a label never seen gets a large but finite bias", () => {
  expect(labelBias(labels, [{ a: 1, b: 0 }], 1).every(Number.isFinite)).toBe(true);
});
