import { FuzzError } from "@fuzzc/program";
import { checkEncoderFile } from "./check-encoder-file.ts";
import { Encoder, maxSentences } from "./encoder.ts";
import { checkInteger, throwIfAborted } from "./errors.ts";
import type { Lane } from "./lane.ts";
import type { Native } from "./native.ts";
import { callAsync } from "./native-library.ts";

export interface EncoderOptions {
  signal?: AbortSignal | undefined;
  /** Default: 2 while other processes leave two cores free, else 1. */
  threads?: number | undefined;
}

// A list of no devices, ended by NULL, so that a graphics card takes no part. Here, so that it is never collected.
const noDevices = BigUint64Array.of(0n);
const meanPooling = 1; // LLAMA_POOLING_TYPE_MEAN

/**
 * Loads a sentence encoder and opens its working memory, which keeps nothing between passes.
 * @throws FuzzError as `checkEncoderFile`, FUZZ_OUT_OF_MEMORY, FUZZ_CANCELLED
 */
export async function openEncoder(
  native: Native,
  path: string,
  { signal, threads }: EncoderOptions,
  lane: Lane,
): Promise<Encoder> {
  checkInteger("The number of threads", threads ?? 1, 1, 512);
  const file = await checkEncoderFile(native, path);
  throwIfAborted(signal);
  const model = await callAsync(native.llama_model_load_from_file, path, {
    ...native.llama_model_default_params(),
    devices: noDevices,
    n_gpu_layers: 0,
  });
  if (model === null) {
    throw new FuzzError(`The engine can't load ${path} as a sentence encoder`, {
      code: "FUZZ_MODEL_INVALID",
      hint: "The file may be damaged; delete it, and it is made again.",
    });
  }
  // Attention looks both ways, so a pass can't be split: all sizes are those of the longest text.
  const tokens = native.llama_model_n_ctx_train(model);
  const context = await callAsync(native.llama_init_from_model, model, {
    ...native.llama_context_default_params(),
    n_ctx: tokens,
    n_batch: tokens,
    n_ubatch: tokens,
    n_seq_max: maxSentences,
    n_outputs_max: tokens,
    n_threads: 1,
    n_threads_batch: 1,
    pooling_type: meanPooling,
    embeddings: true,
    offload_kqv: false,
    op_offload: false,
    kv_unified: true,
  });
  if (context === null) {
    await callAsync(native.llama_model_free, model);
    throw new FuzzError("The engine could not open the encoder's working memory", {
      code: "FUZZ_OUT_OF_MEMORY",
      kind: "resource",
      hint: "Close other programs.",
    });
  }
  return new Encoder(native, { model, context }, path, file, lane, threads);
}
