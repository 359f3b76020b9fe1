import { join } from "node:path";
import type { Answer } from "@fuzzc/interpreter";
import type { Example, Program } from "@fuzzc/program";
import { type Progress, planSteps, type TrainedAdapter, trainAdapter } from "@fuzzc/trainer";
import { type AskOptions, askProgram, longestUseful } from "./cross-validate.ts";
import { type Division, divideExamples } from "./divide-examples.ts";

/** How -O2 trains. */
export interface TrainingOptions {
  /** Wall clock that it may take; default 2. */
  minutes?: number;
  /** The same seed gives the same program, unless the time cuts it short; default 1. */
  seed?: number;
  /** Threads; default 1. More need free cores. */
  lanes?: number;
  /** Of the adapter, at most the compiler's; default the compiler's. */
  rank?: number;
  /** Ends the training and goes on with the best adapter so far. */
  stop?: AbortSignal;
  /** A folder of its own for the states of the trainings, from which the same call goes on after a crash. */
  checkpoints?: string;
}

export interface TrainingRequest {
  interpreter: AskOptions["interpreter"];
  /** The task text, which stands alone in the prompt of a trained program. */
  task: string;
  examples: readonly Example[];
  /** The -O0 adapter, from which the training starts. */
  start: Uint8Array;
  rank: number;
  /** How many of the upper layers are trained: all that the start changes. */
  layers: number;
  /** Makes a program of a trained adapter. */
  make: (adapter: Uint8Array) => Promise<Program>;
  training: TrainingOptions;
  signal?: AbortSignal;
  /** Updates done and planned over all trainings, and where the one under way stands. */
  onProgress?: (done: number, of: number, progress: Progress) => void;
}

export interface Trained {
  adapter: Uint8Array;
  /** Examples that were held back, by number, and the answers to them. */
  asked: { index: number; answer: Answer }[];
  /** Updates that the adapter has had. */
  steps: number;
  /** Of all trainings. */
  cpuSeconds: number;
}

/**
 * -O2: trains the adapter on the examples. Those that are held back say when to stop, and are then answered by the
 * interpreter. Few examples are held back in folds, each once; then a last training takes all of them, and goes as far
 * as the folds went.
 * @throws FuzzError what `trainAdapter` and the interpreter throw
 */
export async function optimiseWithTraining(request: TrainingRequest): Promise<Trained> {
  const { examples, interpreter, make, signal, start } = request;
  const divisions = divideExamples(examples);
  const trainings = divisions.length > 1 ? divisions.length + 1 : 1;
  const budget = new Budget(request.training.minutes ?? 2, trainings);
  const folds: TrainedAdapter[] = [];
  const asked: Trained["asked"] = [];
  const finish = ({ adapter, bestStep }: Pick<TrainedAdapter, "adapter" | "bestStep">) => {
    const cpuSeconds = folds.reduce((sum, fold) => sum + fold.cpuSeconds, 0);
    return { adapter, steps: bestStep, asked, cpuSeconds };
  };

  for (const division of divisions) {
    const trained = await trainOn(request, division, budget);
    folds.push(trained);
    const inputs = division.heldBack.map((index) => (examples[index] as Example).input);
    const { adapter } = trained;
    const maxOutputTokens = longestUseful(examples, interpreter);
    const ask = { interpreter, adapter, maxOutputTokens, ...(signal && { signal }) };
    const answers = await askProgram(await make(adapter), inputs, ask);
    division.heldBack.forEach((index, place) => {
      asked.push({ index, answer: answers[place] as Answer });
    });
    if (divisions.length === 1 || trained.ending === "cancelled" || trained.ending === "failed") {
      return finish(trained);
    }
  }
  const reached = folds.map(({ bestStep }) => bestStep).sort((a, b) => a - b);
  const stopAt = reached[Math.floor(reached.length / 2)] as number;
  if (stopAt === 0) {
    return finish({ adapter: start, bestStep: 0 });
  }
  const all = { train: examples.map((_, index) => index), heldBack: [] };
  const last = await trainOn(request, all, budget, stopAt);
  folds.push(last);
  return finish(last);
}

function trainOn(
  {
    interpreter,
    task,
    examples,
    start,
    rank,
    layers,
    training,
    signal,
    onProgress,
  }: TrainingRequest,
  division: Division,
  budget: Budget,
  stopAt?: number,
): Promise<TrainedAdapter> {
  const pick = (numbers: readonly number[]) => numbers.map((index) => examples[index] as Example);
  const signals = [signal, training.stop].filter((one) => one !== undefined);
  const { minutes, done, of } = budget.next();
  return trainAdapter({
    modelPath: interpreter.model.path,
    task: { task, examples: [] },
    examples: pick(division.train),
    heldBack: pick(division.heldBack),
    start,
    rank,
    layers,
    // The same for all, so that an update of one is an update of another.
    steps: planSteps(examples.length),
    ...(stopAt !== undefined && { stopAt }),
    minutes,
    seed: training.seed ?? 1,
    lanes: training.lanes ?? 1,
    ...(training.checkpoints !== undefined && {
      checkpoint: join(training.checkpoints, `${done + 1}.gguf`),
    }),
    signal: AbortSignal.any(signals),
    onProgress: (progress) =>
      onProgress?.(done * progress.steps + progress.step, of * progress.steps, progress),
  });
}

/** Deals a time out to several trainings; what one leaves over is for the others. */
class Budget {
  readonly #endMs: number;
  readonly #trainings: number;
  #done = 0;

  constructor(minutes: number, trainings: number) {
    this.#endMs = performance.now() + minutes * 60_000;
    this.#trainings = trainings;
  }

  next(): { minutes: number; done: number; of: number } {
    const done = this.#done++;
    const leftMs = Math.max(1, this.#endMs - performance.now());
    return { minutes: leftMs / 60_000 / (this.#trainings - done), done, of: this.#trainings };
  }
}
