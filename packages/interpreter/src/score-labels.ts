/** What decides between labels: a vector for each, and how a cosine becomes a probability. */
export interface LabelScores {
  /** One vector a label, as long as an input's. */
  prototypes: readonly Float32Array[];
  /** What the cosine of an input to a label is multiplied with before the softmax. */
  scale: number;
  /** Added to each label's logit; none: nothing. */
  bias?: readonly number[] | undefined;
}

/**
 * The probability of each label for an input: softmax of scale · cosine + bias.
 * @param vector of length 1
 * @returns one probability a label; they sum to 1.
 */
export function scoreLabels(
  vector: Float32Array,
  { prototypes, scale, bias = [] }: LabelScores,
): number[] {
  const logits = prototypes.map(
    (prototype, label) => scale * cosine(vector, prototype) + (bias[label] ?? 0),
  );
  const most = Math.max(...logits);
  const weights = logits.map((logit) => Math.exp(logit - most));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

function cosine(unit: Float32Array, other: Float32Array): number {
  let product = 0;
  let square = 0;
  for (let i = 0; i < other.length; i++) {
    product += (unit[i] as number) * (other[i] as number);
    square += (other[i] as number) ** 2;
  }
  return square === 0 ? 0 : product / Math.sqrt(square);
}
