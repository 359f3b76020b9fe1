import { checkEncoderOptions } from "./check-encoder-options.ts";
import { runTraining, type TrainedAdapter } from "./run-training.ts";
import type { LabelExample, Progress } from "./session.ts";

export interface TrainEncoderOptions {
  /** The encoder: a GGUF file of the architecture bert, as the interpreter runs it. */
  modelPath: string;
  /** To start from: for each label a vector. */
  prototypes: readonly Float32Array[];
  /** Of each label, and not trained; default 0. */
  bias?: readonly number[];
  /** What to learn. Texts that are too long are read from their beginning. */
  examples: readonly LabelExample[];
  /** Never trained on: they say when to stop, and which state was the best. Without any, the last one is taken. */
  heldBack?: readonly LabelExample[];
  /** Logits are scale · (prototype · vector of the text + bias); default 14. */
  scale?: number;
  /** Of the adapter, 1..64. */
  rank?: number;
  /** How many of the upper layers get an adapter. */
  layers?: number;
  /** The same seed gives the same result, unless the time cuts it short; default 1. */
  seed?: number;
  /** How long it may compute; default 2. */
  minutes?: number;
  /** Most updates. */
  steps?: number;
  /** Ends after this many of the planned updates. */
  stopAt?: number;
  /** A file to keep the state in, from which the same call goes on after a crash or an abort. */
  checkpoint?: string;
  /** Ends the training and keeps the best state so far. */
  signal?: AbortSignal;
  /** Called after each update. */
  onProgress?(progress: Progress): void;
}

/** An adapter of the encoder, and the prototypes of the labels under it. */
export interface TrainedEncoder extends Omit<TrainedAdapter, "shown"> {
  /** For each label a vector. */
  prototypes: Float32Array[];
}

/**
 * Trains the sentence encoder and the prototypes of a label function on examples, as `trainAdapter` trains the language
 * model: in a process of its own.
 * @throws FuzzError as `trainAdapter`, and FUZZ_OUT_OF_RANGE for a label that has no prototype
 */
export async function trainEncoder(options: TrainEncoderOptions): Promise<TrainedEncoder> {
  const checked = checkEncoderOptions(options);
  const {
    shown: _,
    prototypes: trained = checked.prototypes,
    ...rest
  } = await runTraining(checked, options);
  const labels = options.prototypes.length;
  const size = trained.length / labels;
  const prototypes = options.prototypes.map((_, label) =>
    trained.slice(label * size, (label + 1) * size),
  );
  return { ...rest, prototypes };
}
