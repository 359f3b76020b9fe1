import type { Example } from "@fuzzc/program";

/** How many examples the commonest output answers. */
export function majorityShare(examples: readonly Example[]): number {
  const counts = new Map<string, number>();
  for (const { output } of examples) {
    counts.set(output, (counts.get(output) ?? 0) + 1);
  }
  return Math.max(...counts.values()) / examples.length;
}

/** The threshold that withholds no right answer of the examples. */
export function lowestRight(
  answers: readonly { text: string; probability: number }[],
  examples: readonly Example[],
): number {
  const right = answers.filter((answer, index) => answer.text === examples[index]?.output);
  const lowest = Math.min(...right.map((answer) => answer.probability));
  // Rounded down, so that the same answer passes on a machine whose last bits differ.
  return Number.isFinite(lowest) ? Math.floor(lowest * 1000) / 1000 : 0;
}
