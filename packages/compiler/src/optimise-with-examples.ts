import type { Answer } from "@fuzzc/interpreter";
import type { Example, OutputType, Program } from "@fuzzc/program";
import { type AskOptions, crossValidate } from "./cross-validate.ts";
import { labelBias, withBias } from "./label-bias.ts";
import type { Settings } from "./make-program.ts";
import { type Score, scoreAnswers } from "./score-answers.ts";

// Prompts in training showed at most so many; a longer prefix also makes the first call slower.
export const maxShown = 8;
const maxFolds = 4;
const biasStrengths = [0, 0.5, 1];

export interface OptimiseOptions extends AskOptions {
  examples: readonly Example[];
  output: OutputType;
  /** Which of some examples a prompt shows, at most so many. */
  choose: (pool: readonly Example[], count: number) => Example[];
  make: (settings: Settings) => Promise<Program>;
  /** What the -O0 program answers to the examples. */
  specOnly: Answer[];
  onProgress?: (done: number, of: number) => void;
}

export interface Optimised {
  settings: Settings;
  heldBack: Score;
  /** The answers that `heldBack` counts, one an example. */
  answers: Answer[];
}

/**
 * -O1: whether the prompt shows examples and which prior the labels have, chosen by cross-validation. Forward passes only.
 * Other strengths of the adapter were no better on validation functions, and trying them took half the time.
 */
export async function optimiseWithExamples(options: OptimiseOptions): Promise<Optimised> {
  const { examples, adapter, output, specOnly, choose, make, onProgress } = options;
  // Without an adapter there is nothing to be strong or weak.
  const scale = adapter === null ? 0 : 1;
  // Each fold's prompt is read anew; where two leave enough to show, more of them say little more.
  const folds = examples.length >= 2 * maxShown ? 2 : Math.min(maxFolds, examples.length);
  const consider = async (count: number): Promise<Optimised> => {
    // The -O0 program of labels is another one: it is freed of a prior that was found without examples.
    const isKnown = count === 0 && output.type !== "labels";
    const answers = isKnown
      ? specOnly
      : await crossValidate(
          (pool) => make({ shown: choose(pool, count), scale }),
          examples,
          count === 0 ? 1 : folds,
          options,
        );
    return correctPrior({ shown: choose(examples, count), scale }, answers, options);
  };
  const shown = await consider(Math.min(maxShown, examples.length));
  onProgress?.(1, 2);
  const isBest = folds === 1 || shown.heldBack.exact === examples.length;
  const plain = isBest ? shown : await consider(0);
  onProgress?.(2, 2);
  return plain.heldBack.exact > shown.heldBack.exact ? plain : shown;
}

/** For labels the strength of the prior correction that answers most examples; else nothing. */
export function correctPrior(
  settings: Settings,
  answers: Answer[],
  { examples, output }: Pick<OptimiseOptions, "examples" | "output">,
): Optimised {
  if (output.type !== "labels") {
    return { settings, answers, heldBack: scoreAnswers(answers, examples) };
  }
  const { labels } = output;
  const tries = biasStrengths.map((strength) => {
    const distributions = answers.map((answer) => answer.labels ?? {});
    const bias = labelBias(labels, distributions, strength);
    const corrected = answers.map((answer) => withBias(answer, labels, bias));
    return {
      settings: { ...settings, labelBias: bias },
      answers: corrected,
      heldBack: scoreAnswers(corrected, examples),
    };
  });
  return tries.reduce((best, next) => (next.heldBack.exact > best.heldBack.exact ? next : best));
}
