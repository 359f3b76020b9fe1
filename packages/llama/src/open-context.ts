import { freemem } from "node:os";
import { FuzzError } from "@fuzzc/program";
import { AbortFlag } from "./abort-flag.ts";
import { checkInteger } from "./errors.ts";
import type { Lane } from "./lane.ts";
import type { Native } from "./native.ts";
import { type ContextShape, type ModelShape, NativeContext } from "./native-context.ts";
import { callAsync, type Pointer } from "./native-library.ts";

export interface ContextOptions {
  /** Tokens that fit over all sequences; rounded up to a multiple of 256. */
  contextSize: number;
  /** How many sequences there can be, 1..256. */
  sequences: number;
  /** Most tokens of one pass through the model; default 512. */
  batchSize?: number;
  /** Default: 2 while other processes leave two cores free, else 1. More than the free cores is very slow. */
  threads?: number;
  /** Most rows of logits of one pass; default 64. Each takes memory for the vocabulary once over. */
  maxOutputs?: number;
  /** Whether `hiddenStates` will be called. */
  hiddenLayers?: boolean;
}

/** What opening a context takes to know about its model. */
export interface ContextBase extends ModelShape {
  trainedContextSize: number;
  /** Bytes that the keys and values of one token take. */
  cellBytes: number;
}

const cellRounding = 256; // the engine pads contexts to this
const halfFloat = 1; // GGML_TYPE_F16
const noPooling = 0; // LLAMA_POOLING_TYPE_NONE

/**
 * Opens a context of a loaded model on a worker thread.
 * @throws FuzzError FUZZ_OUT_OF_RANGE, FUZZ_OUT_OF_MEMORY
 */
export async function openNativeContext(
  native: Native,
  model: Pointer,
  base: ContextBase,
  options: ContextOptions,
  lane: Lane,
): Promise<NativeContext> {
  const shape = shapeContext(native, base, options);
  checkMemory(shape.contextSize * base.cellBytes);
  const abort = new AbortFlag(native);
  const pointer = await callAsync(native.llama_init_from_model, model, {
    ...native.llama_context_default_params(),
    n_ctx: shape.contextSize,
    n_batch: shape.batchSize,
    n_ubatch: Math.min(shape.batchSize, 512),
    n_seq_max: shape.sequences,
    n_outputs_max: shape.maxOutputs,
    n_threads: shape.threads ?? 1,
    n_threads_batch: shape.threads ?? 1,
    pooling_type: noPooling,
    type_k: halfFloat,
    type_v: halfFloat,
    abort_callback: abort.callback,
    abort_callback_data: abort.data,
    offload_kqv: false,
    op_offload: false,
    // One memory for all sequences, so that copying one shares its cells.
    kv_unified: true,
  });
  if (pointer === null) {
    throw outOfMemory(`The engine could not open a context of ${shape.contextSize} tokens`);
  }
  return new NativeContext(native, pointer, abort, base, shape, lane);
}

function shapeContext(native: Native, base: ContextBase, options: ContextOptions): ContextShape {
  const { sequences, hiddenLayers = false } = options;
  checkInteger("The context size", options.contextSize, 1, 2 ** 24);
  checkInteger("The number of sequences", sequences, 1, native.llama_max_parallel_sequences());
  const contextSize = Math.ceil(options.contextSize / cellRounding) * cellRounding;
  checkInteger("The batch size", options.batchSize ?? 512, 1, 2 ** 16);
  const { threads } = options;
  checkInteger("The number of threads", threads ?? 1, 1, 512);
  checkInteger("The number of outputs", options.maxOutputs ?? 64, 1, 2 ** 16);
  // The engine keeps a row of logits for each sequence, and asserts that batch and outputs are not fewer.
  const batchSize = Math.min(contextSize, Math.max(options.batchSize ?? 512, sequences));
  const maxOutputs = Math.min(batchSize, Math.max(options.maxOutputs ?? 64, sequences));
  const positions = Math.min(contextSize, base.trainedContextSize);
  return { contextSize, sequences, batchSize, maxOutputs, hiddenLayers, positions, threads };
}

function checkMemory(neededBytes: number): void {
  // Linux grants memory it does not have and kills the process later, so the check comes first.
  if (neededBytes > freemem()) {
    throw outOfMemory(`The context needs ${neededBytes} bytes, but ${freemem()} are free`);
  }
}

function outOfMemory(what: string): FuzzError {
  return new FuzzError(what, {
    code: "FUZZ_OUT_OF_MEMORY",
    kind: "resource",
    hint: "Open a smaller context, or close other programs.",
  });
}
