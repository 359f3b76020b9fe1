import type { Example, PromptParts } from "@fuzzc/program";
import type { Score } from "./trainee.ts";

/** All that a training depends on: the same options give the same adapter, where time does not cut it short. */
export interface SessionOptions {
  modelPath: string;
  task: PromptParts;
  examples: readonly Example[];
  heldBack: readonly Example[];
  /** With which in the prompt the held-back examples are scored as well. */
  shown: readonly Example[];
  start: Uint8Array | undefined;
  rank: number;
  /** undefined: the upper half. */
  layers: number | undefined;
  seed: number;
  /** Of computing, on each lane's core. */
  minutes: number;
  steps: number;
  /** The update after which it ends, of the `steps` that the learning rate is planned for. */
  stopAt: number;
  /** Examples of one update. */
  batch: number;
  /** Learning rates of the two halves of an adapter. */
  rates: { a: number; b: number };
  lanes: number;
  checkpoint: string | undefined;
}

/** Why a training ended. */
export type Ending =
  /** All updates are done. */
  | "steps"
  /** The held-back loss has not become better for a while. */
  | "settled"
  /** The time is up. */
  | "time"
  /** The caller asked for it. */
  | "cancelled";

/** Where a training stands. */
export interface Progress {
  /** Updates done, and planned. */
  step: number;
  steps: number;
  /** For each update the loss of its examples before it, in nats a token. */
  losses: number[];
  /** Scores of the held-back examples at the start and at last; null without any. */
  before: Score | null;
  heldBack: Score | null;
  /** Examples that are too long to train on. */
  skipped: number;
  /** Wall clock, if nothing ends it earlier. */
  secondsLeft: number;
  /** What the process has taken. */
  cpuSeconds: number;
  peakMemoryBytes: number;
}

/** An adapter that was the best so far. */
export interface Best {
  /** GGUF, F16. */
  adapter: Uint8Array;
  /** After how many updates. */
  step: number;
  /** Of the held-back examples; null without any. */
  score: Score | null;
}

/** What came of a training. */
export interface SessionOutcome {
  ending: Ending;
  /** The held-back examples' scores with `shown` in the prompt, at the start and with the best adapter. */
  shown: { before: Score; after: Score } | null;
}

/** How a training talks while it runs. */
export interface SessionEvents {
  onProgress(progress: Progress): void;
  onBest(best: Best): void;
  isCancelled(): boolean;
}
