import type { Example } from "@fuzzc/program";
import type { CompileRequest } from "./compile-request.ts";

type Answers = readonly { text: string; probability: number }[];

/** How many examples the commonest output answers. */
export function majorityShare(examples: readonly Example[]): number {
  const counts = new Map<string, number>();
  for (const { output } of examples) {
    counts.set(output, (counts.get(output) ?? 0) + 1);
  }
  return Math.max(...counts.values()) / examples.length;
}

/**
 * The threshold of a function: the given one, or for one that may abstain what its answers to examples, made without
 * seeing them, say. Nothing for any other function, and where there are no examples to say it.
 */
export function chooseThreshold(
  { otherwise, minProbability }: CompileRequest,
  answers: Answers,
  examples: readonly Example[],
): { minProbability?: number } {
  if (minProbability !== undefined) {
    return { minProbability };
  }
  return otherwise === undefined ? {} : { minProbability: lowestRight(answers, examples) };
}

/** The threshold that withholds no right answer of the examples. */
function lowestRight(answers: Answers, examples: readonly Example[]): number {
  const right = answers.filter((answer, index) => answer.text === examples[index]?.output);
  const lowest = Math.min(...right.map((answer) => answer.probability));
  // Rounded down, so that the same answer passes on a machine whose last bits differ.
  return Number.isFinite(lowest) ? Math.floor(lowest * 1000) / 1000 : 0;
}
