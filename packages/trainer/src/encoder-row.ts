import { roundLength, rowLength } from "./pack-row.ts";

/** One example of a label function as tokens. */
export interface LabelCase {
  /** The input between the special tokens that begin and end it. */
  branch: Int32Array;
  /** Number of its label. */
  label: number;
}

/**
 * Several texts in one row, each of which sees itself only:
 *     text 1 | text 2 | …
 */
export interface EncoderRow {
  /** Tokens, filled up as in a `Row`. */
  length: number;
  /** length x length: 0 where the token of the row may see that of the column, else -infinity. */
  mask: Float32Array;
  /** For each text `length` shares that make its mean: one over its tokens where they stand, else 0. */
  pooling: Float32Array;
}

export function packTexts(texts: readonly Pick<LabelCase, "branch">[]): EncoderRow {
  const filled = rowLength(0, texts);
  const length = roundLength(filled);
  const mask = new Float32Array(length * length).fill(Number.NEGATIVE_INFINITY);
  const pooling = new Float32Array(length * texts.length);
  let first = 0;
  texts.forEach(({ branch }, text) => {
    const end = first + branch.length;
    for (let token = first; token < end; token++) {
      mask.fill(0, token * length + first, token * length + end);
    }
    pooling.fill(1 / branch.length, text * length + first, text * length + end);
    first = end;
  });
  for (let token = filled; token < length; token++) {
    // Nobody sees a filler; it sees itself, because a softmax over nothing is not a number.
    mask[token * length + token] = 0;
  }
  return { length, mask, pooling };
}
