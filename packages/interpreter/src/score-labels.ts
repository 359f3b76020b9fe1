/** What decides between labels: a linear classifier of inputs' vectors. */
export interface LabelScores {
  /** One vector a label, as long as an input's. */
  prototypes: readonly Float32Array[];
  /** What the product of an input's vector and a label's is multiplied with before the softmax. */
  scale: number;
  /** Added to each label's logit; none: nothing. */
  bias?: readonly number[] | undefined;
}

/**
 * The probability of each label for an input: softmax of scale · (prototype · vector) + bias.
 * @param vector of length 1
 * @returns one probability a label; they sum to 1.
 */
export function scoreLabels(
  vector: Float32Array,
  { prototypes, scale, bias = [] }: LabelScores,
): number[] {
  return softmax(
    prototypes.map((prototype, label) => scale * dot(vector, prototype) + (bias[label] ?? 0)),
  );
}

export function softmax(logits: readonly number[]): number[] {
  const most = Math.max(...logits);
  const weights = logits.map((logit) => Math.exp(logit - most));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

export function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] as number), 0);
}
