import { type Example, FuzzError, type PromptParts } from "@fuzzc/program";
import { checkTrainOptions } from "./check-options.ts";
import { runWorker } from "./run-worker.ts";
import type { Ending, Progress, SessionOutcome } from "./session.ts";
import type { Score } from "./trainee.ts";

export interface TrainOptions {
  /** The base model: a GGUF file of the architecture llama, as the interpreter runs it. */
  modelPath: string;
  /** What stands before every input. */
  task: PromptParts;
  /** What to learn. Outputs as the model is to write them: JSON compact. */
  examples: readonly Example[];
  /** Never trained on: they say when to stop, and which adapter was the best. Without any, the last one is taken. */
  heldBack?: readonly Example[];
  /** With these examples in the prompt the held-back ones are scored as well; they may be trained on, not held back. */
  shown?: readonly Example[];
  /** An adapter in GGUF to start from, for the same base model; default: from scratch. */
  start?: Uint8Array;
  /** Of the adapter, 1..64; default 16. A start of a larger rank is cut down to it. */
  rank?: number;
  /** How many of the upper layers get an adapter; default: the upper half. */
  layers?: number;
  /** The same seed gives the same adapter, unless the time cuts it short; default 1. */
  seed?: number;
  /** How long it may compute; default 2. On a busy machine that takes longer. */
  minutes?: number;
  /** Most updates; default: as many as its number of examples is worth. */
  steps?: number;
  /** Ends after this many of the planned updates, for a training that is to go as far as an earlier one did. */
  stopAt?: number;
  /** Threads, each of which computes examples of its own; default 1. More need free cores, and memory each. */
  lanes?: number;
  /** A file to keep the state in, from which the same call goes on after a crash or an abort. */
  checkpoint?: string;
  /** Ends the training and keeps the best adapter so far. */
  signal?: AbortSignal;
  /** Called after each update. */
  onProgress?(progress: Progress): void;
}

export interface TrainedAdapter {
  /** The best adapter: GGUF, F16. */
  adapter: Uint8Array;
  /** "failed": the engine ended the process. */
  ending: Ending | "failed";
  /** Why it failed. */
  failure?: FuzzError;
  /** Updates done. */
  steps: number;
  /** After which of them the adapter was taken; 0 when none made the held-back loss better. */
  bestStep: number;
  /** The loss of each update's examples before it, in nats a token. */
  losses: number[];
  /** The held-back examples' scores at the start and with the adapter; null without any. */
  before: Score | null;
  after: Score | null;
  /** The same scores with `shown` in the prompt; null without any, or when the process failed. */
  shown: SessionOutcome["shown"];
  /** Examples that were too long to train on. */
  skipped: number;
  /** What the process took. */
  cpuSeconds: number;
  peakMemoryBytes: number;
}

/**
 * Trains an adapter on examples, in a process of its own. An assertion in the engine, which would end this process,
 * ends only that one: what was learned until then is returned with the ending "failed".
 *
 * @throws FuzzError FUZZ_OUT_OF_RANGE, FUZZ_NO_EXAMPLES, FUZZ_EXAMPLES_TOO_LONG, FUZZ_MODEL_NOT_FOUND,
 *   FUZZ_MODEL_UNSUPPORTED, FUZZ_ADAPTER_INVALID, FUZZ_ADAPTER_MISMATCH, FUZZ_CHECKPOINT_INVALID, FUZZ_OUT_OF_MEMORY;
 *   FUZZ_CANCELLED before it has begun, FUZZ_TRAINING_FAILED before it has learned anything.
 */
export async function trainAdapter(options: TrainOptions): Promise<TrainedAdapter> {
  const { signal, onProgress } = options;
  const checked = checkTrainOptions(options);
  if (signal?.aborted) {
    throw cancelled(signal);
  }
  // From sources as from the build, the worker is the built one: a process can't be forked from TypeScript.
  const worker = new URL("../dist/worker.js", import.meta.url);
  const { best, progress, outcome, failure } = await runWorker(worker, checked, {
    ...(signal === undefined ? {} : { signal }),
    ...(onProgress === undefined ? {} : { onProgress: (now) => onProgress(now) }),
  });
  const ending = outcome?.ending;
  const learned = best !== undefined && (ending !== undefined || best.step > 0);
  if (!learned || progress === undefined) {
    throw signal?.aborted ? cancelled(signal, failure) : (failure ?? unexplained());
  }
  const { cpuSeconds, peakMemoryBytes } = progress;
  return {
    adapter: best.adapter,
    bestStep: best.step,
    after: best.score,
    ending: ending ?? (signal?.aborted ? "cancelled" : "failed"),
    ...(failure === undefined || signal?.aborted ? {} : { failure }),
    steps: progress.step,
    losses: progress.losses,
    before: progress.before,
    shown: outcome?.shown ?? null,
    skipped: progress.skipped,
    cpuSeconds,
    peakMemoryBytes,
  };
}

function cancelled(signal: AbortSignal, cause: unknown = signal.reason): FuzzError {
  return new FuzzError("The training was cancelled before it had begun", {
    code: "FUZZ_CANCELLED",
    kind: "cancelled",
    cause,
  });
}

function unexplained(): FuzzError {
  return new FuzzError("The training's process ended without a word", {
    code: "FUZZ_TRAINING_FAILED",
    kind: "internal",
  });
}
