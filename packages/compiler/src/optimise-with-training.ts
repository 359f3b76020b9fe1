import { join } from "node:path";
import type { Answer } from "@fuzzc/interpreter";
import type { Example, PlainPrompt, Program } from "@fuzzc/program";
import { type Progress, planSteps, type TrainedAdapter, trainAdapter } from "@fuzzc/trainer";
import { type AskOptions, askProgram } from "./cross-validate.ts";
import type { Division } from "./divide-examples.ts";
import { type Fold, type TrainingShare, trainInFolds } from "./train-in-folds.ts";

// Examples in the prompt must help a fold by this much: a training on all examples, which are more, needs them less.
const showFactor = 0.75;

/** How -O2 trains. */
export interface TrainingOptions {
  /** How long it may compute, on each lane's core; default 2. */
  minutes?: number;
  /** The same seed gives the same program, unless the time cuts it short; default 1. */
  seed?: number;
  /** Threads; default 1. More need free cores. */
  lanes?: number;
  /** Of the adapter, at most the compiler's; default 8. */
  rank?: number;
  /** Ends the training and goes on with the best adapter so far. */
  stop?: AbortSignal;
  /** A folder of its own for the states of the trainings, from which the same call goes on after a crash. */
  checkpoints?: string;
}

export interface TrainingRequest {
  interpreter: AskOptions["interpreter"];
  /** The task text, which stands alone in the prompt while the adapter is trained. */
  task: string;
  /** Of a base model that does not take the prompt "chat-1". */
  plain?: PlainPrompt | undefined;
  examples: readonly Example[];
  /** Which of some examples a prompt would show. */
  choose: (pool: readonly Example[]) => Example[];
  /** The -O0 adapter, from which the training starts; default: from scratch. */
  start?: Uint8Array;
  rank: number;
  /** How many of the upper layers are trained; default: the trainer's. */
  layers?: number;
  /** Makes a program of a trained adapter that shows some examples. */
  make: (adapter: Uint8Array, shown: readonly Example[]) => Promise<Program>;
  training: TrainingOptions;
  signal?: AbortSignal;
  /** Updates done and planned over all trainings, and where the one under way stands. */
  onProgress?: (done: number, of: number, progress: Progress) => void;
}

export interface Trained {
  adapter: Uint8Array;
  /** Examples in the prompt: those that `choose` names, or none, unless they make held-back answers much likelier. */
  shown: Example[];
  /** Examples that were held back, by number, and the answers to them. */
  asked: { index: number; answer: Answer }[];
  /** Mean loss of the held-back answers, in nats a token. */
  loss: number;
  /** The same with the adapter that the training started from, with and without examples in the prompt. */
  startLoss: { shown: number; alone: number };
  /** Updates that the adapter has had. */
  steps: number;
  /** Of all trainings. */
  cpuSeconds: number;
  /** Whether `stop` ended it before it was done. */
  stopped: boolean;
}

/**
 * -O2: trains the adapter on the examples. Those that are held back say when to stop and whether the prompt should show
 * examples, and are then answered by the interpreter. Few examples are held back in folds, each once; then a last
 * training takes all of them.
 * @throws FuzzError what `trainAdapter` and the interpreter throw
 */
export async function optimiseWithTraining(request: TrainingRequest): Promise<Trained> {
  const { examples, choose, training } = request;
  const { folds, last, cpuSeconds } = await trainInFolds({
    examples,
    minutes: training.minutes ?? 2,
    planSteps,
    // More examples bear more updates; where the folds stopped was too early for all of them.
    stopLast: false,
    trainOn: (...where) => trainOn(request, ...where),
    stop: training.stop,
  });
  const losses = meanLosses(folds);
  const show = losses.shown < losses.alone * showFactor;
  const pool = (numbers: readonly number[]) => pick(examples, numbers);
  const asked = await askHeldBack(request, folds, (fold) =>
    show ? choose(pool(fold.division.train)) : [],
  );
  return {
    adapter: last.adapter,
    shown: show ? choose(examples) : [],
    asked,
    loss: show ? losses.shown : losses.alone,
    startLoss: losses.start,
    steps: last.bestStep,
    cpuSeconds,
    stopped: training.stop?.aborted ?? false,
  };
}

/** Over the held-back examples of all folds. Infinite where nothing was scored, so that it is not chosen. */
function meanLosses(folds: readonly Fold<TrainedAdapter>[]): {
  alone: number;
  shown: number;
  start: Trained["startLoss"];
} {
  const mean = (
    score: (trained: TrainedAdapter) => { loss: number; count: number } | undefined,
  ) => {
    const scores = folds.map(({ trained }) => score(trained) ?? { loss: Infinity, count: 1 });
    const count = scores.reduce((sum, one) => sum + one.count, 0);
    return scores.reduce((sum, one) => sum + (one.loss * one.count) / count, 0);
  };
  return {
    alone: mean(({ after }) => after ?? undefined),
    shown: mean(({ shown }) => shown?.after),
    start: {
      alone: mean(({ before }) => before ?? undefined),
      shown: mean(({ shown }) => shown?.before),
    },
  };
}

async function askHeldBack(
  { examples, interpreter, make, signal }: TrainingRequest,
  folds: readonly Fold<TrainedAdapter>[],
  shownBy: (fold: Fold<TrainedAdapter>) => Example[],
): Promise<Trained["asked"]> {
  const asked: Trained["asked"] = [];
  for (const fold of folds) {
    const { adapter } = fold.trained;
    const { heldBack } = fold.division;
    const ask = { interpreter, adapter, ...(signal && { signal }) };
    const program = await make(adapter, shownBy(fold));
    const answers = await askProgram(program, pick(examples, heldBack), ask);
    asked.push(...heldBack.map((index, place) => ({ index, answer: answers[place] as Answer })));
  }
  return asked;
}

async function trainOn(
  request: TrainingRequest,
  { train, heldBack }: Division,
  { minutes, number, before, all, secondsLater }: TrainingShare,
  stopAt?: number,
): Promise<TrainedAdapter> {
  const { interpreter, task, plain, examples, start, rank, layers, training } = request;
  const { checkpoints } = training;
  const signals = [request.signal, training.stop].filter((one) => one !== undefined);
  const pool = pick(examples, train);
  return trainAdapter({
    modelPath: interpreter.model.path,
    task: { task, examples: [], plain },
    examples: pool,
    heldBack: pick(examples, heldBack),
    ...(heldBack.length > 0 && { shown: request.choose(pool) }),
    ...(start !== undefined && { start }),
    rank,
    ...(layers !== undefined && { layers }),
    steps: planSteps(train.length),
    ...(stopAt !== undefined && { stopAt }),
    minutes,
    seed: training.seed ?? 1,
    lanes: training.lanes ?? 1,
    ...(checkpoints !== undefined && { checkpoint: join(checkpoints, `${number}.gguf`) }),
    signal: AbortSignal.any(signals),
    onProgress: (progress) => {
      const { step, secondsLeft } = progress;
      const whole = { ...progress, secondsLeft: secondsLeft + secondsLater(secondsLeft) };
      request.onProgress?.(before + step, all, whole);
    },
  });
}

function pick(examples: readonly Example[], numbers: readonly number[]): Example[] {
  return numbers.map((index) => examples[index] as Example);
}
