import { FuzzError } from "@fuzzc/program";

/**
 * A metadata value. Of a list only its type and length are kept, because a tokenizer's hold a hundred thousand strings;
 * but see `texts`.
 */
export type HeaderValue = string | number | bigint | boolean | HeaderList;

export interface HeaderList {
  /** GGUF's type number of the elements. */
  type: number;
  count: number;
  /** The elements of the one list that is checked, see `keepTexts`. */
  texts?: string[];
}

export interface HeaderTensor {
  name: string;
  /** ggml's type number. */
  type: number;
  /** ggml's order: the row length first. */
  shape: number[];
  /** Bytes from the start of the data section. */
  offset: number;
}

// Each limit stops a file from making us, or the engine after us, allocate without end.
const maxListLength = 16_777_216;
const maxStringBytes = 16 * 1024 ** 2;
const maxNameBytes = 63; // GGML_MAX_NAME, less the closing NUL
const maxDimension = 2 ** 40;
const maxDimensions = 4; // GGML_MAX_DIMS

/** GGUF's type numbers of metadata values. */
export const valueTypes = { uint32: 4, float32: 6, string: 8, list: 9 } as const;

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

/** Thrown when the bytes read so far end too early. */
export class NeedsMoreBytes extends Error {}

/** Reads the parts of a GGUF header one after the other; every length is checked before it is used. */
export class Cursor {
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
      throw invalidGguf(this.#name, `it claims ${value} ${what}; the limit is ${limit}`);
    }
    return Number(value);
  }

  string(limit: number): string {
    const length = this.count("bytes in a string", limit);
    const start = this.#take(length);
    return this.#decoder.decode(this.#bytes.subarray(start, start + length));
  }

  /** @param keepTexts whether a list of strings is kept. */
  value(type: number, keepTexts: boolean): HeaderValue {
    if (type === valueTypes.string) {
      return this.string(maxStringBytes);
    }
    if (type === valueTypes.list) {
      return this.#list(keepTexts);
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
      throw invalidGguf(this.#name, `the tensor ${name} has ${dimensions} dimensions`);
    }
    const shape: number[] = [];
    for (let i = 0; i < dimensions; i++) {
      const length = this.count(`values in a row of ${name}`, maxDimension);
      if (length === 0) {
        throw invalidGguf(this.#name, `the tensor ${name} has a dimension of 0`);
      }
      shape.push(length);
    }
    const type = this.uint32();
    const offset = this.count(`bytes before ${name}`, Number.MAX_SAFE_INTEGER);
    return { name, type, shape, offset };
  }

  // llama.cpp knows no lists of lists; `#scalarBytes` refuses them.
  #list(keepTexts: boolean): HeaderList {
    const type = this.uint32();
    const count = this.count("values in a list", maxListLength);
    if (type !== valueTypes.string) {
      this.#take(count * this.#scalarBytes(type));
      return { type, count };
    }
    const texts: string[] = [];
    for (let i = 0; i < count; i++) {
      if (keepTexts) {
        texts.push(this.string(maxStringBytes));
      } else {
        this.#take(this.count("bytes in a string", maxStringBytes));
      }
    }
    return keepTexts ? { type, count, texts } : { type, count };
  }

  #scalarBytes(type: number): number {
    const bytes = scalarBytes[type];
    if (bytes === undefined) {
      throw invalidGguf(this.#name, `it holds a value of the unknown type ${type}`);
    }
    return bytes;
  }

  #take(length: number): number {
    const start = this.position;
    if (start + length > this.#bytes.length) {
      throw new NeedsMoreBytes();
    }
    this.position = start + length;
    return start;
  }
}

/** The error for bytes that are no sound GGUF file. */
export function invalidGguf(name: string, what: string): FuzzError {
  return new FuzzError(`${name} is not a GGUF file that can be used: ${what}`, {
    code: "FUZZ_GGUF_INVALID",
    hint: "Check that it is a GGUF file, and fetch it again.",
  });
}
