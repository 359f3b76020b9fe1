import { open } from "node:fs/promises";
import { FuzzError } from "@fuzzc/program";
import type { HeaderValue } from "./gguf-cursor.ts";
import { readGgufHeader } from "./read-gguf-header.ts";

/** A tensor in a model file. */
export interface FileTensor {
  /** ggml's type number. */
  type: number;
  /** The row length first. */
  shape: readonly number[];
}

/** The weights of a model file, to be read one by one. */
export interface ModelTensors {
  metadata: ReadonlyMap<string, HeaderValue>;
  tensors: ReadonlyMap<string, FileTensor>;
  /** Fills `bytes` with the data of a tensor. @throws FuzzError FUZZ_UNKNOWN_TENSOR, FUZZ_GGUF_TRUNCATED */
  read(name: string, bytes: Uint8Array): Promise<void>;
}

/**
 * Opens a GGUF file for the weights in it, whatever their types.
 * @throws FuzzError FUZZ_GGUF_INVALID, FUZZ_GGUF_TRUNCATED
 */
export async function openModelTensors(path: string): Promise<ModelTensors> {
  const { metadata, tensors, dataStart } = await readGgufHeader(path);
  return {
    metadata,
    tensors,
    async read(name, bytes) {
      const tensor = tensors.get(name);
      if (tensor === undefined) {
        throw new FuzzError(`${path} has no tensor ${name}`, { code: "FUZZ_UNKNOWN_TENSOR" });
      }
      const file = await open(path, "r");
      try {
        const start = dataStart + tensor.offset;
        const { bytesRead } = await file.read(bytes, 0, bytes.length, start);
        if (bytesRead !== bytes.length) {
          throw new FuzzError(`${path}: the file ends inside ${name}`, {
            code: "FUZZ_GGUF_TRUNCATED",
            hint: "Fetch it again.",
          });
        }
      } finally {
        await file.close();
      }
    },
  };
}
