import { rm } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { FuzzError } from "@fuzzc/program";
import { checkModelFile } from "./check-model-file.ts";
import type { Encoder } from "./encoder.ts";
import { rangeError, throwIfAborted } from "./errors.ts";
import { Lane } from "./lane.ts";
import { Model } from "./model.ts";
import type { Native } from "./native.ts";
import { callAsync } from "./native-library.ts";
import { type EncoderOptions, openEncoder } from "./open-encoder.ts";

/** Quantisations that a base model can be derived in, and llama.cpp's numbers for them. */
const fileTypes = { Q8_0: 7, Q4_0: 2 } as const;
export type Quantisation = keyof typeof fileTypes;

// A list of no devices, ended by NULL, so that a graphics card takes no part. Here, so that it is never collected.
const noDevices = BigUint64Array.of(0n);

/** llama.cpp in this process. There is one; it is never unloaded. */
export class Engine {
  /** llama.cpp's own version text. */
  readonly version: string;
  /** Where its libraries lie. */
  readonly folder: string;
  readonly #native: Native;
  readonly #lane = new Lane();

  /** Made by `loadEngine`. */
  constructor(native: Native) {
    this.#native = native;
    this.version = native.llama_version();
    this.folder = native.folder;
  }

  /**
   * Loads a base model from a GGUF file, on the processor.
   * @throws FuzzError FUZZ_MODEL_NOT_FOUND, FUZZ_MODEL_INVALID, FUZZ_MODEL_UNSUPPORTED, FUZZ_GGUF_INVALID,
   *   FUZZ_GGUF_TRUNCATED, FUZZ_OUT_OF_MEMORY, FUZZ_CANCELLED
   */
  async openModel(path: string, options: { signal?: AbortSignal } = {}): Promise<Model> {
    const native = this.#native;
    const { signal } = options;
    throwIfAborted(signal);
    const file = await checkModelFile(native, path);
    throwIfAborted(signal);
    const pointer = await callAsync(native.llama_model_load_from_file, path, {
      ...native.llama_model_default_params(),
      devices: noDevices,
      n_gpu_layers: 0,
    });
    if (pointer === null) {
      throw new FuzzError(`The engine can't load ${path} as a ${file.architecture} model`, {
        code: "FUZZ_MODEL_INVALID",
        hint: "The file may be damaged, or too large for the memory that is free.",
      });
    }
    if (signal?.aborted) {
      await callAsync(native.llama_model_free, pointer);
      throwIfAborted(signal);
    }
    return new Model(native, pointer, path, file, this.#lane);
  }

  /**
   * Loads a sentence encoder from a GGUF file, on the processor.
   * @throws FuzzError FUZZ_MODEL_NOT_FOUND, FUZZ_MODEL_INVALID, FUZZ_MODEL_UNSUPPORTED, FUZZ_GGUF_INVALID,
   *   FUZZ_GGUF_TRUNCATED, FUZZ_OUT_OF_MEMORY, FUZZ_CANCELLED
   */
  openEncoder(path: string, options: EncoderOptions = {}): Promise<Encoder> {
    return openEncoder(this.#native, path, options, this.#lane);
  }

  /**
   * Writes `source` to `target` in another quantisation; the same source gives the same bytes.
   * @throws FuzzError as `openModel`, and FUZZ_QUANTIZE_FAILED; then there is no `target`.
   */
  async quantizeModel(source: string, target: string, quantisation: Quantisation): Promise<void> {
    const native = this.#native;
    if (resolve(source) === resolve(target)) {
      throw rangeError(
        "The target",
        target,
        "another file than the source, which is read meanwhile",
      );
    }
    await checkModelFile(native, source);
    const parameters = {
      ...native.llama_model_quantize_default_params(),
      nthread: Math.min(2, availableParallelism()),
      ftype: fileTypes[quantisation],
      // The hub's files are quantised already.
      allow_requantize: true,
    };
    const status = await this.#lane.run(() =>
      callAsync(native.llama_model_quantize, source, target, parameters),
    );
    if (status !== 0) {
      await rm(target, { force: true });
      throw new FuzzError(`The engine could not write ${target} as ${quantisation}`, {
        code: "FUZZ_QUANTIZE_FAILED",
        kind: "resource",
        hint: "Check that its folder exists and the disk is not full.",
      });
    }
  }

  /** What the engine found in this processor, in one line. */
  systemInfo(): string {
    return this.#native.llama_print_system_info().trim();
  }
}
