import type { SparseVector } from "./text-features.ts";

/** How little the weights are held back: scikit-learn's C. From 1 to 100 it makes no difference on validation functions. */
const usualStrength = 10;
const iterations = 400;

/** What was learned: one row of weights for each class. */
export interface Regression {
  weights: readonly ReadonlyMap<number, number>[];
  bias: readonly number[];
}

/**
 * Multinomial logistic regression with L2 on the weights, by accelerated gradient descent (Nesterov) from zero. The loss
 * is the mean cross-entropy plus |weights|² / (2 · strength · vectors).
 *
 * @param vectors each of length 1, which bounds the step
 * @param classes of each vector, from 0 to `count` - 1
 */
export function fitRegression(
  vectors: readonly SparseVector[],
  classes: readonly number[],
  count: number,
  strength = usualStrength,
): Regression {
  const shrink = 1 / (strength * vectors.length);
  const step = 1 / (1 + shrink);
  // The weights are sums of the vectors, so one number a vector and class says all about them.
  const kernel = vectors.map((one) => vectors.map((other) => dot(one, other)));
  let current = zeros(vectors.length, count);
  let previous = current;
  for (let round = 0; round < iterations; round++) {
    const pace = round / (round + 3);
    const ahead = current.map((row, i) =>
      row.map((value, k) => value + pace * (value - (previous[i]?.[k] as number))),
    );
    const bias = biasOf(ahead, count);
    const next = ahead.map((row, i) => {
      const logits = bias.map((start, k) =>
        ahead.reduce(
          (sum, other, j) => sum + (other[k] as number) * (kernel[i]?.[j] as number),
          start,
        ),
      );
      return softmax(logits).map((probability, k) => {
        const error = (probability - Number(classes[i] === k)) / vectors.length;
        return (row[k] as number) - step * (error + shrink * (row[k] as number));
      });
    });
    previous = current;
    current = next;
  }
  const weights = Array.from({ length: count }, (_, k) => {
    const sum = new Map<number, number>();
    vectors.forEach((vector, i) => {
      for (const [index, value] of vector) {
        sum.set(index, (sum.get(index) ?? 0) + value * (current[i]?.[k] as number));
      }
    });
    return sum;
  });
  return { weights, bias: biasOf(current, count) };
}

/** The probability of each class. */
export function predictClasses({ weights, bias }: Regression, vector: SparseVector): number[] {
  return softmax(weights.map((row, k) => dot(vector, row) + (bias[k] as number)));
}

/** The bias is the weight of a feature that all vectors have, held back like the others. */
function biasOf(coefficients: readonly (readonly number[])[], count: number): number[] {
  return Array.from({ length: count }, (_, k) =>
    coefficients.reduce((sum, row) => sum + (row[k] as number), 0),
  );
}

function softmax(logits: readonly number[]): number[] {
  const most = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - most));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

function dot(one: SparseVector, other: ReadonlyMap<number, number>): number {
  let sum = 0;
  for (const [index, value] of one) {
    sum += value * (other.get(index) ?? 0);
  }
  return sum;
}

const zeros = (rows: number, columns: number): number[][] =>
  Array.from({ length: rows }, () => new Array<number>(columns).fill(0));
