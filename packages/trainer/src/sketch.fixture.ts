import { expect } from "vitest";
import { Random } from "./random.ts";

/** A gradient in a few numbers, as training/ writes it: its norm, and 16 projections on vectors of signs. */
export type Sketch = number[];

/** The signs are the bits of one number a value. */
export function sketch(gradient: Float32Array, seed: number): Sketch {
  const random = new Random(seed);
  const sums = new Float64Array(17);
  for (const value of gradient) {
    const bits = random.next() * 2 ** 32;
    sums[16]! += value * value;
    for (let j = 0; j < 16; j++) {
      sums[j]! += (bits >>> j) & 1 ? value : -value;
    }
  }
  return [Math.sqrt(sums[16]!), ...sums.subarray(0, 16)];
}

/** Expects gradients to point where those of the reference do: each of them, and all together. */
export function expectGradients(
  gradients: ReadonlyMap<string, Float32Array>,
  reference: { seed: number; gradients: Record<string, Sketch> },
  { each, all }: { each: number; all: number },
): void {
  const projections = Object.entries(reference.gradients).map(([name, [norm = 0, ...expected]]) => {
    const gradient = gradients.get(name) ?? new Float32Array(0);
    const [ownNorm = 0, ...own] = sketch(gradient, reference.seed);
    expect(Math.abs(ownNorm / norm - 1), `the norm of ${name}`).toBeLessThan(0.05);
    expect(cosine(own, expected), `the direction of ${name}`).toBeGreaterThan(each);
    return { own, expected };
  });
  const joined = cosine(
    projections.flatMap(({ own }) => own),
    projections.flatMap(({ expected }) => expected),
  );
  expect(joined).toBeGreaterThan(all);
}

function cosine(a: number[], b: number[]): number {
  const dot = (x: number[], y: number[]) => x.reduce((sum, one, i) => sum + one * (y[i] ?? 0), 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}
