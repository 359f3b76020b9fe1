import { open } from "node:fs/promises";
import { FuzzError } from "@fuzzc/program";
import {
  Cursor,
  type HeaderTensor,
  type HeaderValue,
  invalidGguf,
  NeedsMoreBytes,
  valueTypes,
} from "./gguf-cursor.ts";

/** What a GGUF file says about itself before its tensor data. */
export interface GgufHeader {
  metadata: Map<string, HeaderValue>;
  /** GGUF's type number of each metadata value. */
  types: Map<string, number>;
  tensors: Map<string, HeaderTensor>;
  /** Byte offset of the data section. */
  dataStart: number;
}

// Each limit stops a file from making us read or keep without end.
const maxHeaderBytes = 256 * 1024 ** 2;
const maxMetadata = 65_536;
const maxTensors = 65_536;
const maxKeyBytes = 65_535;
const maxAlignment = 65_536;
const firstReadBytes = 4 * 1024 ** 2;

const magic = 0x46554747; // "GGUF", little endian
const keptList = "tokenizer.ggml.tokens";

/**
 * Reads the header of a GGUF file of any size without reading its tensor data.
 * @throws FuzzError FUZZ_GGUF_INVALID, or FUZZ_GGUF_TRUNCATED when the file ends inside the header.
 */
export async function readGgufHeader(path: string): Promise<GgufHeader> {
  const file = await open(path, "r");
  try {
    const { size } = await file.stat();
    for (let length = firstReadBytes; ; length *= 4) {
      const bytes = new Uint8Array(Math.min(length, size));
      await file.read(bytes, 0, bytes.length, 0);
      try {
        return parseHeader(bytes, path);
      } catch (error) {
        if (!(error instanceof NeedsMoreBytes)) {
          throw error;
        }
      }
      if (length >= size) {
        throw new FuzzError(`${path}: the file ends inside its header`, {
          code: "FUZZ_GGUF_TRUNCATED",
          hint: "Fetch it again.",
        });
      }
      if (length >= maxHeaderBytes) {
        throw invalidGguf(path, `its header is longer than ${maxHeaderBytes} bytes`);
      }
    }
  } finally {
    await file.close();
  }
}

/** Reads the header out of a whole GGUF file in memory; `name` is for error messages. */
export function parseGgufHeader(bytes: Uint8Array, name: string): GgufHeader {
  try {
    return parseHeader(bytes, name);
  } catch (error) {
    if (error instanceof NeedsMoreBytes) {
      throw new FuzzError(`${name}: the data end inside the header`, {
        code: "FUZZ_GGUF_TRUNCATED",
      });
    }
    throw error;
  }
}

function parseHeader(bytes: Uint8Array, name: string): GgufHeader {
  const cursor = new Cursor(bytes, name);
  if (cursor.uint32() !== magic) {
    throw invalidGguf(name, "it does not start with GGUF");
  }
  const version = cursor.uint32();
  if (version !== 2 && version !== 3) {
    throw invalidGguf(name, `its version is ${version}, not 2 or 3`);
  }
  const tensorCount = cursor.count("tensors", maxTensors);
  const metadataCount = cursor.count("metadata entries", maxMetadata);

  const metadata = new Map<string, HeaderValue>();
  const types = new Map<string, number>();
  for (let i = 0; i < metadataCount; i++) {
    const key = cursor.string(maxKeyBytes);
    const type = cursor.uint32();
    if (key === "" || metadata.has(key)) {
      throw invalidGguf(name, `the key "${key}" is empty or appears twice`);
    }
    metadata.set(key, cursor.value(type, key === keptList));
    types.set(key, type);
  }

  const tensors = new Map<string, HeaderTensor>();
  for (let i = 0; i < tensorCount; i++) {
    const tensor = cursor.tensor();
    if (tensors.has(tensor.name)) {
      throw invalidGguf(name, `the tensor ${tensor.name} appears twice`);
    }
    tensors.set(tensor.name, tensor);
  }

  const alignment = metadata.get("general.alignment") ?? 32;
  const alignmentType = types.get("general.alignment") ?? valueTypes.uint32;
  if (
    alignmentType !== valueTypes.uint32 ||
    typeof alignment !== "number" ||
    alignment < 8 ||
    alignment > maxAlignment ||
    (alignment & (alignment - 1)) !== 0
  ) {
    throw invalidGguf(name, `its alignment is ${alignment}`);
  }
  const dataStart = Math.ceil(cursor.position / alignment) * alignment;
  return { metadata, types, tensors, dataStart };
}
