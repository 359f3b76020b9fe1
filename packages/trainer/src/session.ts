import type { Example, PromptParts } from "@fuzzc/program";
import type { RateSpan } from "./adam.ts";
import type { Score } from "./trainee.ts";

/** What every training depends on: the same options give the same parameters, where time does not cut it short. */
export interface CommonOptions {
  modelPath: string;
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
  lanes: number;
  checkpoint: string | undefined;
}

/** A training of the language model. */
export interface LanguageOptions extends CommonOptions {
  task: PromptParts;
  examples: readonly Example[];
  heldBack: readonly Example[];
  /** With which in the prompt the held-back examples are scored as well. */
  shown: readonly Example[];
  start: Uint8Array | undefined;
  /** Learning rates of the two halves of an adapter. */
  rates: { a: number; b: number };
}

/** A text and the number of its label. */
export interface LabelExample {
  input: string;
  label: number;
}

/** A training of the sentence encoder. */
export interface EncoderOptions extends CommonOptions {
  examples: readonly LabelExample[];
  heldBack: readonly LabelExample[];
  /** To start from: one vector after the other, in the order of the labels. */
  prototypes: Float32Array;
  /** Of each label; it is not trained. */
  bias: readonly number[];
  /** See `addLabelLoss`. */
  scale: number;
  /** Learning rates of the two halves of an adapter, and of the prototypes. */
  rates: { a: number; b: number; prototypes: number };
}

export type SessionOptions = LanguageOptions | EncoderOptions;

/** A training before its first step: parameters as one flat list, and what they do to the examples. */
export interface Session extends Disposable {
  /** Where the parameters begin. */
  values: Float32Array;
  /** Their learning rates. */
  spans: readonly RateSpan[];
  /** Examples to train on, and those held back. */
  trainCount: number;
  heldBackCount: number;
  /** Examples that are too long to train on. */
  skipped: number;
  /** The score of some of the examples to train on, by number, and the gradient of its loss. */
  differentiate(
    values: Float32Array,
    numbers: readonly number[],
  ): Promise<{ score: Score; gradient: Float32Array }>;
  /** The score of those held back. */
  evaluate(values: Float32Array): Promise<Score>;
  /** The same with some to be shown in the prompt. */
  evaluateShown?(values: Float32Array): Promise<Score>;
  write(values: Float32Array): Pick<Best, "adapter" | "prototypes">;
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
  /** GGUF. */
  adapter: Uint8Array;
  /** Of labels, as in `EncoderOptions`. */
  prototypes?: Float32Array;
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
