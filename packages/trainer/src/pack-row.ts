import type { TokenCase } from "./token-cases.ts";

/**
 * Several cases behind one prefix, kept apart by a tree mask:
 *     prefix | branch 1 | branch 2 | …
 * Each case sees the prefix and itself, and its positions go on where the prefix ends.
 */
export interface Row {
  /** Tokens, filled up to a whole number of the engine's vectors, without which its products over tokens are slow. */
  length: number;
  positions: Int32Array;
  /** length x length: 0 where the token of the row may see that of the column, else -infinity. */
  mask: Float32Array;
  /** Where the tokens stand after which something is to be said. */
  sources: Int32Array;
  /** What is to be said there. */
  targets: Int32Array;
  /** Which case each of them belongs to. */
  owners: Int32Array;
}

// Numbers in the widest vector of any processor.
const lengthRounding = 16;

/** The length of a row of so many tokens. */
export function roundLength(tokens: number): number {
  return Math.ceil(tokens / lengthRounding) * lengthRounding;
}

export function packRow(prefixLength: number, cases: readonly TokenCase[]): Row {
  const filled = rowLength(prefixLength, cases);
  const length = roundLength(filled);
  const positions = Int32Array.from({ length }, (_, index) => index);
  const mask = new Float32Array(length * length).fill(Number.NEGATIVE_INFINITY);
  const allow = (token: number, from: number, to: number) =>
    mask.fill(0, token * length + from, token * length + to);
  for (let token = 0; token < prefixLength; token++) {
    allow(token, 0, token + 1);
  }
  const sources: number[] = [];
  const targets: number[] = [];
  const owners: number[] = [];
  let first = prefixLength;
  cases.forEach(({ branch, answer, start }, owner) => {
    for (let i = 0; i < branch.length; i++) {
      positions[first + i] = prefixLength + i;
      allow(first + i, 0, prefixLength);
      allow(first + i, first, first + i + 1);
    }
    answer.forEach((token, i) => {
      sources.push(first + start + i);
      targets.push(token);
      owners.push(owner);
    });
    first += branch.length;
  });
  for (let token = filled; token < length; token++) {
    // Nobody sees a filler; it sees itself, because a softmax over nothing is not a number.
    allow(token, token, token + 1);
  }
  return {
    length,
    positions,
    mask,
    sources: Int32Array.from(sources),
    targets: Int32Array.from(targets),
    owners: Int32Array.from(owners),
  };
}

export function rowLength(
  prefixLength: number,
  cases: readonly Pick<TokenCase, "branch">[],
): number {
  return cases.reduce((sum, { branch }) => sum + branch.length, prefixLength);
}

/**
 * One weight an answer token: a case counts as the square root of its length, so that long answers don't drown the
 * labels. Over all cases they sum to 1. @returns for each case the weight of one of its tokens.
 */
export function weighCases(cases: readonly TokenCase[]): number[] {
  const total = cases.reduce((sum, { answer }) => sum + Math.sqrt(answer.length), 0);
  return cases.map(({ answer }) => 1 / Math.sqrt(answer.length) / total);
}

/** Writes the parts of a row one after another into `target`; what is left of it stays as it is. */
export function joinRow<Values extends Int32Array | Float32Array>(
  target: Values,
  parts: readonly Values[],
): void {
  let start = 0;
  for (const part of parts) {
    target.set(part, start);
    start += part.length;
  }
}
