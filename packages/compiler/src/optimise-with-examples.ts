import type { Answer } from "@fuzzc/interpreter";
import type { Example, OutputType, Program } from "@fuzzc/program";
import { type AskOptions, crossValidate } from "./cross-validate.ts";
import { labelBias, withBias } from "./label-bias.ts";
import type { Settings } from "./make-program.ts";
import { type Score, scoreAnswers } from "./score-answers.ts";

// Prompts in training showed at most six; a longer prefix also makes the first call slower.
export const maxShown = 8;
const maxFolds = 4;
const scales = [1, 0.6, 1.4, 0] as const;
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

interface Candidate {
  count: number;
  scale: number;
}

/**
 * -O1: which examples the prompt shows, how strong the adapter is and which prior the labels have,
 * chosen by cross-validation. Forward passes only. The first of equal candidates wins, so they are
 * ordered by how much they trust what was trained.
 */
export async function optimiseWithExamples(options: OptimiseOptions): Promise<Optimised> {
  const { examples } = options;
  // Without an adapter there is nothing to be strong or weak.
  const [first, ...otherScales] = options.adapter === null ? ([0] as const) : scales;
  // Each fold's prompt is read anew; where two leave enough to show, more of them say little more.
  const folds = examples.length >= 2 * maxShown ? 2 : Math.min(maxFolds, examples.length);
  const most = Math.min(maxShown, examples.length);
  const counts: Candidate[] = [
    { count: most, scale: first },
    ...(folds > 1 ? [{ count: 0, scale: first }] : []),
  ];
  const total = counts.length + otherScales.length;
  let done = 0;
  let best: Optimised | undefined;
  const consider = async (candidate: Candidate) => {
    if (best?.heldBack.exact !== examples.length) {
      const isPlain = candidate.count === 0 && candidate.scale === first;
      const outcome = await tryCandidate(candidate, folds, { ...options, isPlain, rival: best });
      if (best === undefined || (outcome?.heldBack.exact ?? 0) > best.heldBack.exact) {
        best = outcome;
      }
    }
    options.onProgress?.(++done, total);
  };
  for (const candidate of counts) {
    await consider(candidate);
  }
  const count = best?.settings.shown.length === 0 ? 0 : most;
  for (const scale of otherScales) {
    await consider({ count, scale });
  }
  return best as unknown as Optimised;
}

async function tryCandidate(
  { count, scale }: Candidate,
  folds: number,
  options: OptimiseOptions & { isPlain: boolean; rival: Optimised | undefined },
): Promise<Optimised | undefined> {
  const { examples, choose, make, output, isPlain, specOnly, rival } = options;
  // The -O0 program of labels is another one: it is freed of a prior that was found without examples.
  const isKnown = isPlain && output.type !== "labels";
  const answers = isKnown
    ? specOnly
    : await crossValidate((pool) => make({ shown: choose(pool, count), scale }), examples, {
        ...options,
        folds: count === 0 ? 1 : folds,
        goOn: (sofar) => rival === undefined || leads(sofar, rival, options),
      });
  if (answers === undefined) {
    return undefined;
  }
  const settings: Settings = { shown: choose(examples, count), scale };
  return correctPrior(settings, answers, options);
}

/**
 * Whether a candidate is ahead of the best one on the examples it was asked so far. Most never are, and each fold costs a
 * reading of a long prompt. Labels go on: their prior is corrected when all are answered.
 */
function leads(
  answers: ReadonlyMap<number, Answer>,
  rival: Optimised,
  { examples, output }: OptimiseOptions,
): boolean {
  const asked = [...answers.keys()];
  const those = asked.map((index) => examples[index] as Example);
  const theirs = asked.map((index) => rival.answers[index] as Answer);
  const lead = scoreAnswers([...answers.values()], those).exact - scoreAnswers(theirs, those).exact;
  return output.type === "labels" || lead > 0;
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
