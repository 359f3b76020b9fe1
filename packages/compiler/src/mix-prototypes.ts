/** How much the descriptions of labels count against their examples. */
export interface Mix {
  /** How many examples of a label its description counts as. */
  weight: number;
  /** How much of what all labels, and all examples, have in common is taken off. */
  centring: number;
}

/** A linear classifier: the logit of a label is scale · (prototype · input + bias). */
export interface Prototypes {
  vectors: readonly Float32Array[];
  /** Of each label, before the scale. */
  bias: readonly number[];
}

/** An example as a vector, with the index of its label. */
export interface EncodedExample {
  vector: Float32Array;
  label: number;
}

/**
 * A prototype for each label: what its description and its examples have in common, less what they have in common with
 * those of other labels. Without that, a label with an example would win over all labels without one, since inputs are
 * more like each other than like descriptions.
 *
 * @param descriptions one vector of length 1 a label
 */
export function mixPrototypes(
  descriptions: readonly Float32Array[],
  examples: readonly EncodedExample[],
  { weight, centring }: Mix,
): Prototypes {
  if (examples.length === 0) {
    return { vectors: descriptions, bias: descriptions.map(() => 0) };
  }
  const shared = scaled(mean(descriptions), centring);
  const usual = scaled(mean(examples.map(({ vector }) => vector)), centring);
  const vectors = descriptions.map((description, label) => {
    const own = examples.filter((example) => example.label === label);
    const parts = [
      scaled(unit(less(description, shared)), weight),
      ...own.map(({ vector }) => unit(less(vector, usual))),
    ];
    return scaled(mean(parts), parts.length / (weight + own.length));
  });
  return { vectors, bias: vectors.map((vector) => -dot(usual, vector)) };
}

export function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] as number), 0);
}

function mean(vectors: readonly Float32Array[]): Float32Array {
  const sum = new Float32Array(vectors[0]?.length ?? 0);
  for (const vector of vectors) {
    vector.forEach((value, index) => {
      sum[index] = (sum[index] as number) + value;
    });
  }
  return scaled(sum, 1 / vectors.length);
}

const scaled = (vector: Float32Array, factor: number) => vector.map((value) => value * factor);
const less = (a: Float32Array, b: Float32Array) => a.map((value, i) => value - (b[i] as number));
const unit = (vector: Float32Array) => scaled(vector, 1 / (Math.sqrt(dot(vector, vector)) || 1));
