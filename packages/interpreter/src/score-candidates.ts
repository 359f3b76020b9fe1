import { dot, softmax } from "./score-labels.ts";

/** How the candidates of an input are compared. */
export interface Ranking {
  /** What right candidates have more of than others, in the examples; zeros without examples. */
  direction: Float32Array;
  /** What a candidate's product is multiplied with before the softmax. */
  scale: number;
}

/** The candidates of an input as vectors. */
export interface EncodedCandidates {
  /** Of what is looked for; undefined where the input does not say. */
  query: Float32Array | undefined;
  candidates: readonly { label: string; vector: Float32Array }[];
}

/**
 * The probability of each label: softmax of scale · candidate · (query + direction). A label without a candidate has 0.
 * @returns one probability a label; they sum to 1.
 */
export function scoreCandidates(
  { query, candidates }: EncodedCandidates,
  labels: readonly string[],
  { direction, scale }: Ranking,
): number[] {
  const shares = softmax(
    candidates.map(
      ({ vector }) => scale * (dot(vector, direction) + (query ? dot(vector, query) : 0)),
    ),
  );
  return labels.map((name) => {
    const index = candidates.findIndex(({ label }) => label === name);
    return index < 0 ? 0 : (shares[index] as number);
  });
}
