import { expect, test } from "vitest";
import { mixPrototypes, type Prototypes } from "./mix-prototypes.ts";

const mix = { weight: 4, centring: 0.5 };
const vector = (...values: number[]) => {
  const length = Math.hypot(...values);
  return Float32Array.from(values, (value) => value / length);
};
const descriptions = [vector(1, 0, 0), vector(0, 1, 0)];

function logits({ vectors, bias }: Prototypes, input: Float32Array): number[] {
  return vectors.map((one, label) =>
    one.reduce((sum, value, index) => sum + value * input[index]!, bias[label] as number),
  );
}

test("without examples the descriptions are the prototypes", () => {
  expect(mixPrototypes(descriptions, [], mix)).toEqual({ vectors: descriptions, bias: [0, 0] });
});

test("examples pull a label to inputs like them", () => {
  const example = { vector: vector(0, 0.1, 1), label: 0 };
  const other = { vector: vector(0.1, 0.3, -1), label: 1 };
  const mixed = mixPrototypes(descriptions, [example, other], mix);
  const [before] = logits(mixPrototypes(descriptions, [], mix), example.vector);
  const [first, second] = logits(mixed, example.vector);
  expect(before).toBeCloseTo(0, 6);
  expect(first).toBeGreaterThan(second as number);
});

test("a label without an example is not pushed aside by one with examples", () => {
  // All inputs share a direction that no description has.
  const examples = [vector(0.3, 0.1, 3), vector(0.4, 0.1, 3)].map((vector) => ({
    vector,
    label: 0,
  }));
  const [first, second] = logits(mixPrototypes(descriptions, examples, mix), vector(0.1, 0.9, 3));
  expect(second).toBeGreaterThan(first as number);
});
