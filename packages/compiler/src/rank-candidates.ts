import {
  type EncodedCandidates,
  type EncoderInterpreter,
  listMarks,
  type Ranking,
  readCandidates,
} from "@fuzzc/interpreter";
import type { Example } from "@fuzzc/program";

/** An example whose input lists candidates, with the label of the right one. */
export interface EncodedList extends EncodedCandidates {
  right: string;
}

// Chosen on training functions: training/LOG.md.
const directionWeight = 2;
const scale = 4;

/**
 * The candidates that examples list in their inputs; undefined for one that lists none.
 * @returns undefined for a function that picks no candidate: its labels can't mark any, or most examples list none
 * @throws FuzzError FUZZ_CANCELLED, FUZZ_DISPOSED
 */
export async function encodeLists(
  encoder: EncoderInterpreter,
  labels: readonly string[],
  examples: readonly Example[],
  signal: AbortSignal | undefined,
): Promise<(EncodedList | undefined)[] | undefined> {
  const listed = examples.map(({ input }) => readCandidates(input, labels));
  const count = listed.filter((one) => one !== undefined).length;
  if (listMarks(labels).length < 2 || count < examples.length / 2) {
    return undefined;
  }
  const texts = listed.flatMap((one) =>
    one === undefined ? [] : [one.query, ...one.candidates.map(({ text }) => text)],
  );
  const vectors = (await encoder.embed(texts, { signal })).values();
  const next = () => vectors.next().value as Float32Array;
  return listed.map((one, index) => {
    if (one === undefined) {
      return undefined;
    }
    const query = next();
    return {
      query: one.query === "" ? undefined : query,
      candidates: one.candidates.map(({ label }) => ({ label, vector: next() })),
      right: (examples[index] as Example).output,
    };
  });
}

/**
 * How candidates are compared after some examples: by their nearness to what is looked for, and by what right ones
 * have more of than the others beside them: the mean of the differences.
 * @param size numbers in a vector
 */
export function learnRanking(lists: readonly (EncodedList | undefined)[], size: number): Ranking {
  const direction = new Float32Array(size);
  const telling = lists.filter(
    (list) => list?.candidates.some(({ label }) => label === list.right) === true,
  ) as EncodedList[];
  for (const { right, candidates } of telling) {
    const own = directionWeight / telling.length;
    for (const { label, vector } of candidates) {
      const share = label === right ? own : -own / (candidates.length - 1);
      vector.forEach((value, index) => {
        direction[index] = (direction[index] as number) + share * value;
      });
    }
  }
  return { direction, scale };
}
