import { createHash } from "node:crypto";
import type { Example } from "@fuzzc/program";
import { type CorpusFunction, type Wording, wordFunction } from "./corpus.ts";
import { makeRandom } from "./interval.ts";

export const outputTypes = ["labels", "text", "json"] as const;
export type OutputTypeName = (typeof outputTypes)[number];

/** Functions of each output type that are taken from the corpus. */
const perType = 8;
/** Of the corpus, which has 24 cases or more for a function, and of generated functions. */
const corpusCounts = [0, 8, 16];
const generatedCounts = [0, 24, 48];
const corpusAsked = 8;
const generatedAsked = 16;

/** One function, the numbers of examples it is compiled with, and what it is asked then. */
export interface OptimiseQuestion {
  id: string;
  type: OutputTypeName;
  generated: boolean;
  wording: Wording;
  counts: readonly number[];
  /** The first so many of them are given; more are never needed than there are. */
  examples: readonly Example[];
  /** The same ones for every number of examples. */
  asked: readonly Example[];
}

/**
 * A fixed choice of functions by the hash of their names, types in turn, so that the first few hold all of them. Each
 * comes in one wording, with its cases in a fixed order.
 */
export function chooseQuestions(
  corpus: readonly CorpusFunction[],
  generated: readonly CorpusFunction[],
): OptimiseQuestion[] {
  return [
    ...takeTurns(corpus.map((entry) => makeQuestion(entry, false))),
    ...takeTurns(generated.map((entry) => makeQuestion(entry, true))),
  ];
}

function takeTurns(questions: readonly OptimiseQuestion[]): OptimiseQuestion[] {
  const piles = outputTypes.map((type) =>
    questions
      .filter((question) => question.type === type)
      .sort((first, second) => (hash(first.id) < hash(second.id) ? -1 : 1)),
  );
  return Array.from({ length: perType }, (_, round) =>
    piles.flatMap((pile) => pile.slice(round, round + 1)),
  ).flat();
}

function makeQuestion(entry: CorpusFunction, generated: boolean): OptimiseQuestion {
  const seed = Number.parseInt(hash(entry.id).slice(0, 8), 16);
  const wording = wordFunction(entry, seed);
  const random = makeRandom(seed);
  const cases = wording.cases
    .map((one) => ({ one, key: random() }))
    .sort((first, second) => first.key - second.key)
    .map(({ one }) => one);
  const asked = generated ? generatedAsked : corpusAsked;
  return {
    id: entry.id,
    type: wording.output.type,
    generated,
    wording,
    counts: generated ? generatedCounts : corpusCounts,
    examples: cases.slice(asked),
    asked: cases.slice(0, asked),
  };
}

const hash = (id: string): string => createHash("sha256").update(`optimise ${id}`).digest("hex");
