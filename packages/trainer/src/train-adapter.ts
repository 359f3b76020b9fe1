import type { Example, PromptParts } from "@fuzzc/program";
import { checkTrainOptions } from "./check-options.ts";
import { runTraining, type TrainedAdapter } from "./run-training.ts";
import type { Progress } from "./session.ts";

export interface TrainOptions {
  /** The base model: a GGUF file of the architecture llama, qwen2 or qwen3, as the interpreter runs it. */
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

/**
 * Trains an adapter on examples, in a process of its own. An assertion in the engine, which would end this process,
 * ends only that one: what was learned until then is returned with the ending "failed".
 *
 * @throws FuzzError FUZZ_OUT_OF_RANGE, FUZZ_NO_EXAMPLES, FUZZ_EXAMPLES_TOO_LONG, FUZZ_MODEL_NOT_FOUND,
 *   FUZZ_MODEL_UNSUPPORTED, FUZZ_ADAPTER_INVALID, FUZZ_ADAPTER_MISMATCH, FUZZ_CHECKPOINT_INVALID, FUZZ_OUT_OF_MEMORY;
 *   FUZZ_CANCELLED before it has begun, FUZZ_TRAINING_FAILED before it has learned anything.
 */
export async function trainAdapter(options: TrainOptions): Promise<TrainedAdapter> {
  return runTraining(checkTrainOptions(options), options);
}
