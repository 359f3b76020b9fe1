import { join } from "node:path";
import { type EncoderInterpreter, scoreLabels } from "@fuzzc/interpreter";
import { FuzzError } from "@fuzzc/program";
import {
  type LabelExample,
  type Progress,
  type TrainedEncoder,
  trainEncoder,
} from "@fuzzc/trainer";
import type { Division } from "./divide-examples.ts";
import type { Prototypes } from "./mix-prototypes.ts";
import type { TrainingOptions } from "./optimise-with-training.ts";
import type { TrainingReport } from "./report.ts";
import type { Score } from "./score-answers.ts";
import { type Fold, type TrainingShare, trainInFolds } from "./train-in-folds.ts";

export interface LabelTraining {
  encoder: EncoderInterpreter;
  examples: readonly LabelExample[];
  /** What -O1 makes of some of the examples, by number; from there the training starts. */
  startFrom: (numbers: readonly number[]) => Prototypes;
  /** Of the logits, as -O1 has it. */
  scale: number;
  training: TrainingOptions;
  signal?: AbortSignal | undefined;
  /** Updates done and planned over all trainings, and where the one under way stands. */
  onProgress?: ((done: number, of: number, progress: Progress) => void) | undefined;
}

/** What -O2 made of a label function. */
export interface TrainedLabels {
  /** Of the encoder: GGUF. */
  adapter: Uint8Array;
  prototypes: Prototypes;
  scale: number;
  /** The held-back examples, by number, and the probability of each label. */
  asked: { index: number; probabilities: number[] }[];
  report: TrainingReport;
}

const steps = 24;
const rank = 8;
const layers = 3;
/** How much likelier, in nats over all of them, training must make held-back examples if it answers no more of them. */
const minGain = 1;
/** By what the scale may be multiplied, so that answers are as often right as they are sure. */
const scaleFactors = [1, 0.5, 0.7, 1.4];

/**
 * -O2 of a label function: trains the encoder and the prototypes on the examples, from where -O1 is. The best state of
 * each fold is compared with its beginning, which is what -O1 answers to the same held-back examples.
 * @returns undefined when it was stopped before it had learned anything
 * @throws FuzzError what `trainEncoder` and the encoder throw
 */
export async function trainLabels(request: LabelTraining): Promise<TrainedLabels | undefined> {
  const { examples, startFrom, training, signal } = request;
  const { stop, minutes = 2 } = training;
  try {
    const { folds, last, cpuSeconds } = await trainInFolds({
      examples,
      minutes,
      planSteps: () => steps,
      stopLast: false,
      trainOn: (...where) => trainOn(request, ...where),
      stop,
    });
    const heldBack = await scoreHeldBack(request, folds);
    const scale = request.scale * chooseFactor(request, heldBack);
    const fold = folds.find(({ trained }) => trained === last);
    const { bias } = startFrom(fold?.division.train ?? [...examples.keys()]);
    const [trained, prompted] = [sumScores(folds, "after"), sumScores(folds, "before")];
    // One of several folds has seen fewer examples than -O1, and a state of no updates is no training.
    const isWhole = folds.length === 1 || fold === undefined || stop?.aborted === true;
    const pays = isWhole && last.bestStep > 0 && isBetter(trained, prompted);
    return {
      adapter: last.adapter,
      prototypes: { vectors: last.prototypes, bias },
      scale,
      asked: heldBack.map(({ index, score }) => ({ index, probabilities: score(scale) })),
      report: {
        trained,
        prompted,
        losses: { trained: trained.loss, prompted: prompted.loss },
        winner: pays ? "training" : "prompt",
        steps: last.bestStep,
        cpuSeconds,
        stopped: stop?.aborted ?? false,
      },
    };
  } catch (error) {
    if (stop?.aborted && !signal?.aborted && hasCode(error, "FUZZ_CANCELLED")) {
      return undefined;
    }
    throw error;
  }
}

function trainOn(
  { encoder, examples, startFrom, scale, training, signal, onProgress }: LabelTraining,
  { train, heldBack }: Division,
  { minutes, number, before, all, secondsLater }: TrainingShare,
  stopAt?: number,
): Promise<TrainedEncoder> {
  const { checkpoints, seed = 1, stop } = training;
  const { vectors, bias } = startFrom(train);
  const pick = (numbers: readonly number[]) => numbers.flatMap((index) => examples[index] ?? []);
  return trainEncoder({
    modelPath: encoder.encoder.path,
    prototypes: vectors,
    bias,
    examples: pick(train),
    heldBack: pick(heldBack),
    scale,
    rank,
    layers,
    steps,
    ...(stopAt !== undefined && { stopAt }),
    seed,
    minutes,
    ...(checkpoints !== undefined && { checkpoint: join(checkpoints, `labels-${number}.gguf`) }),
    signal: AbortSignal.any([signal, stop].filter((one) => one !== undefined)),
    onProgress(progress) {
      const { step, secondsLeft } = progress;
      const whole = { ...progress, secondsLeft: secondsLeft + secondsLater(secondsLeft) };
      onProgress?.(before + step, all, whole);
    },
  });
}

/** A held-back example, and the probabilities of its labels at a scale. */
interface HeldBack {
  index: number;
  score: (scale: number) => number[];
}

/** Reads the held-back examples in the engine, each under the adapter that did not see it. */
async function scoreHeldBack(
  { encoder, examples, startFrom, signal }: LabelTraining,
  folds: readonly Fold<TrainedEncoder>[],
): Promise<HeldBack[]> {
  const all: HeldBack[] = [];
  for (const { division, trained } of folds) {
    const { bias } = startFrom(division.train);
    const texts = division.heldBack.map((index) => examples[index]?.input ?? "");
    const vectors = await encoder.embed(texts, { adapter: trained.adapter, signal });
    division.heldBack.forEach((index, place) => {
      const score = (scale: number) =>
        scoreLabels(vectors[place] as Float32Array, {
          prototypes: trained.prototypes,
          scale,
          bias: bias.map((value) => scale * value),
        });
      all.push({ index, score });
    });
  }
  return all;
}

/** The factor of the scale that makes the held-back answers likeliest. */
function chooseFactor({ examples, scale }: LabelTraining, heldBack: readonly HeldBack[]): number {
  const likelihood = (factor: number) =>
    heldBack.reduce((sum, { index, score }) => {
      const right = score(factor * scale)[examples[index]?.label ?? 0] ?? 0;
      return sum + Math.log(Math.max(right, 1e-9));
    }, 0);
  return scaleFactors.reduce((best, one) => (likelihood(one) > likelihood(best) ? one : best));
}

type LossScore = Score & { loss: number };

function isBetter(trained: LossScore, prompted: LossScore): boolean {
  const gain = trained.total * (prompted.loss - trained.loss);
  return trained.exact > prompted.exact || (trained.exact === prompted.exact && gain > minGain);
}

function sumScores(folds: readonly Fold<TrainedEncoder>[], when: "before" | "after"): LossScore {
  const scores = folds.flatMap(({ trained }) => trained[when] ?? []);
  const total = scores.reduce((sum, { count }) => sum + count, 0);
  return {
    exact: scores.reduce((sum, { exact }) => sum + exact, 0),
    total,
    loss: scores.reduce((sum, { loss, count }) => sum + (loss * count) / total, 0),
  };
}

function hasCode(error: unknown, code: string): boolean {
  return FuzzError.isInstance(error) && error.code === code;
}
