import { FuzzError } from "@fuzzc/program";
import type { LanguageOptions } from "./session.ts";
import type { TrainOptions } from "./train-adapter.ts";

const batch = 8;
// Half and twice of them were worse on functions of the corpus.
const rates = { a: 1e-3, b: 2e-3 };
const ratedRank = 16;

/**
 * Fills in the defaults.
 * @throws FuzzError FUZZ_OUT_OF_RANGE, FUZZ_NO_EXAMPLES
 */
export function checkTrainOptions(options: TrainOptions): LanguageOptions {
  const {
    modelPath,
    task,
    examples,
    heldBack = [],
    shown = [],
    start,
    layers,
    checkpoint,
  } = options;
  const { rank = 16, seed = 1, minutes = 2, lanes = 1 } = options;
  const { steps = planSteps(examples.length) } = options;
  const { stopAt = steps } = options;
  checkExamples(examples);
  checkPlan({ rank, layers, seed, steps, stopAt, minutes });
  checkInteger("lanes", lanes, 1, 64);
  // An adapter of fewer rows changes less by a step; so scaled, ranks 4 and 8 learn nearly as much as 16.
  const faster = Math.sqrt(ratedRank / rank);
  return {
    modelPath,
    task,
    examples,
    heldBack,
    shown,
    start,
    rank,
    layers,
    seed,
    minutes,
    steps,
    stopAt,
    batch,
    rates: { a: rates.a * faster, b: rates.b * faster },
    lanes,
    checkpoint,
  };
}

/** What both trainings are told; `stopAt` is one of the steps. */
interface TrainingPlan {
  rank: number;
  layers: number | undefined;
  seed: number;
  steps: number;
  stopAt: number;
  minutes: number;
}

/** @throws FuzzError FUZZ_OUT_OF_RANGE */
export function checkPlan({ rank, layers, seed, steps, stopAt, minutes }: TrainingPlan): void {
  checkInteger("rank", rank, 1, 64);
  checkInteger("layers", layers ?? 1, 1, 512);
  checkInteger("seed", seed, 0, 2 ** 31 - 1);
  checkInteger("steps", steps, 1, 100_000);
  checkInteger("stopAt", stopAt, 1, steps);
  checkMinutes(minutes);
}

/** The default number of updates for so many examples: a few passes over many of them, many over a few. */
export function planSteps(examples: number): number {
  const passes = examples <= 64 ? 8 : 4;
  return Math.max(12, Math.ceil((examples * passes) / batch));
}

/** @throws FuzzError FUZZ_NO_EXAMPLES */
export function checkExamples(examples: readonly unknown[]): void {
  if (examples.length === 0) {
    throw new FuzzError("There are no examples to train on", {
      code: "FUZZ_NO_EXAMPLES",
      hint: "Give at least a handful; eight to fifty are worth a training.",
    });
  }
}

/** @throws FuzzError FUZZ_OUT_OF_RANGE */
function checkMinutes(minutes: number): void {
  if (!(minutes > 0)) {
    throw outOfRange("minutes", minutes, "more than 0");
  }
}

/** @throws FuzzError FUZZ_OUT_OF_RANGE */
export function checkInteger(what: string, value: number, low: number, high: number): void {
  if (!Number.isInteger(value) || value < low || value > high) {
    throw outOfRange(what, value, `an integer from ${low} to ${high}`);
  }
}

function outOfRange(what: string, value: number, allowed: string): FuzzError {
  return new FuzzError(`${what} is ${value}, but must be ${allowed}`, {
    code: "FUZZ_OUT_OF_RANGE",
  });
}
