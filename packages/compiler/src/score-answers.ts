import type { Answer } from "@fuzzc/interpreter";
import type { Example } from "@fuzzc/program";

/** What a candidate program did on examples it had not seen. */
export interface Score {
  /** Answers that equal the expected output to the letter. */
  exact: number;
  total: number;
}

/** Counts exact answers; an abstention is never exact. */
export function scoreAnswers(
  answers: readonly Pick<Answer, "text" | "abstained">[],
  examples: readonly Example[],
): Score {
  const exact = answers.filter(
    (answer, index) => !answer.abstained && answer.text === examples[index]?.output,
  ).length;
  return { exact, total: examples.length };
}

export const share = ({ exact, total }: Score): number => (total === 0 ? 0 : exact / total);
