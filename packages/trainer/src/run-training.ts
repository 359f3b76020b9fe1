import { FuzzError } from "@fuzzc/program";
import { runWorker } from "./run-worker.ts";
import type { Best, Ending, Progress, SessionOptions, SessionOutcome } from "./session.ts";
import type { Score } from "./trainee.ts";

export interface TrainedAdapter {
  /** The best adapter, a GGUF. */
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

/** How the caller takes part in a training. */
export interface TrainingHooks {
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: Progress) => void) | undefined;
}

/**
 * Runs a training in a process of its own, and says what came of it.
 * @throws FuzzError what the training throws; FUZZ_CANCELLED before it has begun, FUZZ_TRAINING_FAILED before it has
 *   learned anything.
 */
export async function runTraining(
  options: SessionOptions,
  { signal, onProgress }: TrainingHooks,
): Promise<TrainedAdapter & Pick<Best, "prototypes">> {
  if (signal?.aborted) {
    throw cancelled(signal);
  }
  // From sources as from the build, the worker is the built one: a process can't be forked from TypeScript.
  const worker = new URL("../dist/worker.js", import.meta.url);
  const { best, progress, outcome, failure } = await runWorker(worker, options, {
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
    ...(best.prototypes && { prototypes: best.prototypes }),
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
