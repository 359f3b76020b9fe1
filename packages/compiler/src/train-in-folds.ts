import type { TrainedAdapter } from "@fuzzc/trainer";
import { type Division, divideExamples } from "./divide-examples.ts";
import { TrainingBudget } from "./training-budget.ts";

/** What is asked of any training. */
type Training = Pick<TrainedAdapter, "ending" | "bestStep" | "after" | "cpuSeconds">;

export interface FoldOptions<One extends Training> {
  examples: readonly unknown[];
  /** How long all of them may compute. */
  minutes: number;
  /** The updates of a training on so many examples. */
  planSteps: (examples: number) => number;
  /** Whether the last training ends where the folds had their best losses; else it goes through its plan. */
  stopLast: boolean;
  /** @param stopAt the update after which it ends; default the last one. */
  trainOn: (division: Division, share: TrainingShare, stopAt?: number) => Promise<One>;
  /** Asks for no further training. */
  stop?: AbortSignal | undefined;
}

/** What one of several trainings has of their budget. */
export interface TrainingShare extends ReturnType<TrainingBudget["next"]> {
  /** What the trainings after it will take by the wall clock, if each is as long as it. */
  secondsLater(secondsLeft: number): number;
}

export interface Fold<One> {
  division: Division;
  trained: One;
}

/**
 * Trains with some examples held back. Few examples are held back in folds, each once; then a last training takes all of
 * them.
 */
export async function trainInFolds<One extends Training>(
  options: FoldOptions<One>,
): Promise<{ folds: Fold<One>[]; last: One; cpuSeconds: number }> {
  const { examples, minutes, planSteps } = options;
  const divisions = divideExamples(examples);
  const plan = divisions.map(({ train }) => planSteps(train.length));
  if (divisions.length > 1) {
    plan.push(planSteps(examples.length));
  }
  const budget = new TrainingBudget(minutes, plan);
  const trainOn = async (division: Division, stopAt?: number) => {
    const share = {
      ...budget.next(),
      secondsLater: (secondsLeft: number) => budget.secondsLater(secondsLeft),
    };
    const trained = await options.trainOn(division, share, stopAt);
    budget.note(trained.cpuSeconds);
    return trained;
  };
  const isOver = ({ ending }: One) =>
    options.stop?.aborted || ending === "cancelled" || ending === "failed";
  const folds: Fold<One>[] = [];
  for (const division of divisions) {
    const trained = await trainOn(division);
    folds.push({ division, trained });
    if (isOver(trained)) {
      break;
    }
  }
  const best = folds.reduce((one, other) => (lossOf(other) < lossOf(one) ? other : one)).trained;
  const stopAt = lastStep(folds, options);
  const takesLast = folds.length > 1 && stopAt > 0 && !folds.some(({ trained }) => isOver(trained));
  if (!takesLast) {
    return { folds, last: best, cpuSeconds: budget.cpuSeconds };
  }
  const all = await trainOn({ train: [...examples.keys()], heldBack: [] }, stopAt);
  const last = all.bestStep * 2 < stopAt ? best : all;
  return { folds, last, cpuSeconds: budget.cpuSeconds };
}

/** As far into its plan as the folds went into theirs, or all the way; 0 where they learned nothing. */
function lastStep<One extends Training>(
  folds: readonly Fold<One>[],
  { examples, planSteps, stopLast }: FoldOptions<One>,
): number {
  const reached = folds
    .map(({ trained, division }) => trained.bestStep / planSteps(division.train.length))
    .sort((a, b) => a - b);
  const share = reached[Math.floor(reached.length / 2)] as number;
  const planned = planSteps(examples.length);
  return stopLast || share === 0 ? Math.round(share * planned) : planned;
}

const lossOf = ({ trained }: Fold<Training>): number =>
  trained.after?.loss ?? Number.POSITIVE_INFINITY;
