import { open } from "node:fs/promises";
import { FuzzError } from "@fuzzc/program";

/** Metadata that is not an array; arrays are only counted, because a tokenizer's hold a hundred thousand strings. */
export type HeaderValue = string | number | bigint | boolean | { type: number; count: number };

export interface HeaderTensor {
  name: string;
  /** ggml's type number. */
  type: number;
  /** ggml's order: the row length first. */
  shape: number[];
  /** Bytes from the start of the data section. */
  offset: number;
}

/** What a GGUF file says about itself before its tensor data. */
export interface GgufHeader {
  metadata: Map<string, HeaderValue>;
  /** GGUF's type number of each metadata value. */
  types: Map<string, number>;
  tensors: Map<string, HeaderTensor>;
  /** Byte offset of the data section. */
  dataStart: number;
}

// Each limit stops a file from making us, or the engine after us, allocate without end.
const maxHeaderBytes = 256 * 1024 ** 2;
const maxMetadata = 65_536;
const maxTensors = 65_536;
const maxArrayLength = 16_777_216;
const maxNameBytes = 63; // GGML_MAX_NAME, less the closing NUL
const maxKeyBytes = 65_535;
const maxStringBytes = 16 * 1024 ** 2;
const maxDimension = 2 ** 40;
const maxDimensions = 4; // GGML_MAX_DIMS
const maxAlignment = 65_536;
const firstReadBytes = 4 * 1024 ** 2;

const magic = 0x46554747; // "GGUF", little endian
const stringType = 8;
const arrayType = 9;
const scalarBytes: Record<number, number> = {
  0: 1, // uint8
  1: 1, // int8
  2: 2, // uint16
  3: 2, // int16
  4: 4, // uint32
  5: 4, // int32
  6: 4, // float32
  7: 1, // bool
  10: 8, // uint64
  11: 8, // int64
  12: 8, // float64
};

/** Thrown by the cursor when the bytes read so far end too early. */
class NeedsMore extends Error {}

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
        if (!(error instanceof NeedsMore)) {
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
        throw invalid(path, `its header is longer than ${maxHeaderBytes} bytes`);
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
    if (error instanceof NeedsMore) {
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
    throw invalid(name, "it does not start with GGUF");
  }
  const version = cursor.uint32();
  if (version !== 2 && version !== 3) {
    throw invalid(name, `its version is ${version}, not 2 or 3`);
  }
  const tensorCount = cursor.count("tensors", maxTensors);
  const metadataCount = cursor.count("metadata entries", maxMetadata);

  const metadata = new Map<string, HeaderValue>();
  const types = new Map<string, number>();
  for (let i = 0; i < metadataCount; i++) {
    const key = cursor.string(maxKeyBytes);
    const type = cursor.uint32();
    if (metadata.has(key)) {
      throw invalid(name, `the key ${key} appears twice`);
    }
    metadata.set(key, cursor.value(type));
    types.set(key, type);
  }

  const tensors = new Map<string, HeaderTensor>();
  for (let i = 0; i < tensorCount; i++) {
    const tensor = cursor.tensor();
    if (tensors.has(tensor.name)) {
      throw invalid(name, `the tensor ${tensor.name} appears twice`);
    }
    tensors.set(tensor.name, tensor);
  }

  const alignment = metadata.get("general.alignment") ?? 32;
  if (
    typeof alignment !== "number" ||
    alignment < 8 ||
    alignment > maxAlignment ||
    (alignment & (alignment - 1)) !== 0
  ) {
    throw invalid(name, `its alignment is ${alignment}`);
  }
  const dataStart = Math.ceil(cursor.position / alignment) * alignment;
  return { metadata, types, tensors, dataStart };
}

class Cursor {
  position = 0;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #name: string;
  readonly #decoder = new TextDecoder();

  constructor(bytes: Uint8Array, name: string) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#name = name;
  }

  uint32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  /** A 64-bit length that must not pass `limit`. */
  count(what: string, limit: number): number {
    const value = this.#view.getBigUint64(this.#take(8), true);
    if (value > BigInt(limit)) {
      throw invalid(this.#name, `it claims ${value} ${what}; the limit is ${limit}`);
    }
    return Number(value);
  }

  string(limit: number): string {
    const length = this.count("bytes in a string", limit);
    const start = this.#take(length);
    return this.#decoder.decode(this.#bytes.subarray(start, start + length));
  }

  value(type: number): HeaderValue {
    if (type === stringType) {
      return this.string(maxStringBytes);
    }
    if (type === arrayType) {
      return this.#array();
    }
    const start = this.#take(this.#scalarBytes(type));
    const view = this.#view;
    switch (type) {
      case 0:
        return view.getUint8(start);
      case 1:
        return view.getInt8(start);
      case 2:
        return view.getUint16(start, true);
      case 3:
        return view.getInt16(start, true);
      case 4:
        return view.getUint32(start, true);
      case 5:
        return view.getInt32(start, true);
      case 6:
        return view.getFloat32(start, true);
      case 7:
        return view.getUint8(start) !== 0;
      case 10:
        return view.getBigUint64(start, true);
      case 11:
        return view.getBigInt64(start, true);
      default:
        return view.getFloat64(start, true);
    }
  }

  tensor(): HeaderTensor {
    const name = this.string(maxNameBytes);
    const dimensions = this.uint32();
    if (dimensions < 1 || dimensions > maxDimensions) {
      throw invalid(this.#name, `the tensor ${name} has ${dimensions} dimensions`);
    }
    const shape: number[] = [];
    for (let i = 0; i < dimensions; i++) {
      const length = this.count(`values in a row of ${name}`, maxDimension);
      if (length === 0) {
        throw invalid(this.#name, `the tensor ${name} has a dimension of 0`);
      }
      shape.push(length);
    }
    const type = this.uint32();
    const offset = this.count(`bytes before ${name}`, Number.MAX_SAFE_INTEGER);
    return { name, type, shape, offset };
  }

  /** Steps over an array; llama.cpp knows no arrays of arrays. */
  #array(): { type: number; count: number } {
    const type = this.uint32();
    const count = this.count("values in an array", maxArrayLength);
    if (type === stringType) {
      for (let i = 0; i < count; i++) {
        this.#take(this.count("bytes in a string", maxStringBytes));
      }
    } else {
      this.#take(count * this.#scalarBytes(type));
    }
    return { type, count };
  }

  #scalarBytes(type: number): number {
    const bytes = scalarBytes[type];
    if (bytes === undefined) {
      throw invalid(this.#name, `it holds a value of the unknown type ${type}`);
    }
    return bytes;
  }

  #take(length: number): number {
    const start = this.position;
    if (start + length > this.#bytes.length) {
      throw new NeedsMore();
    }
    this.position = start + length;
    return start;
  }
}

function invalid(name: string, what: string): FuzzError {
  return new FuzzError(`${name} is not a GGUF file that can be used: ${what}`, {
    code: "FUZZ_GGUF_INVALID",
    hint: "Check that it is a GGUF file, and fetch it again.",
  });
}
