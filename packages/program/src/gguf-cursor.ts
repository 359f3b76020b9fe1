import { FuzzError } from "./errors.ts";

/** Reads little-endian values in turn, and never past the end. */
export class GgufCursor {
  position = 0;
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  // A byte order mark is a character of the text, not a mark to drop.
  readonly #decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left(): number {
    return this.bytes.length - this.position;
  }

  /** Moves on by `length` bytes and gives where they started. */
  take(length: number): number {
    if (length > this.left) {
      throw new FuzzError(
        `The GGUF file ends too early: ${length} bytes expected at ${this.position}, ${this.left} left`,
        { code: "FUZZ_GGUF_TRUNCATED", hint: "The file was cut short; get it again." },
      );
    }
    const start = this.position;
    this.position += length;
    return start;
  }

  uint8(): number {
    return this.#view.getUint8(this.take(1));
  }
  int8(): number {
    return this.#view.getInt8(this.take(1));
  }
  uint16(): number {
    return this.#view.getUint16(this.take(2), true);
  }
  int16(): number {
    return this.#view.getInt16(this.take(2), true);
  }
  uint32(): number {
    return this.#view.getUint32(this.take(4), true);
  }
  int32(): number {
    return this.#view.getInt32(this.take(4), true);
  }
  float32(): number {
    return this.#view.getFloat32(this.take(4), true);
  }
  float64(): number {
    return this.#view.getFloat64(this.take(8), true);
  }
  uint64(): bigint {
    return this.#view.getBigUint64(this.take(8), true);
  }
  int64(): bigint {
    return this.#view.getBigInt64(this.take(8), true);
  }

  bool(): boolean {
    const byte = this.uint8();
    if (byte > 1) {
      throw invalidGguf(`a bool is ${byte}`);
    }
    return byte === 1;
  }

  /** A 64-bit number of things, at most `limit`. */
  count(what: string, limit: number): number {
    const value = this.uint64();
    if (value > BigInt(limit)) {
      throw invalidGguf(`it claims ${value} ${what}; the limit is ${limit}`);
    }
    return Number(value);
  }

  string(limit: number): string {
    const length = this.count("bytes in a string", limit);
    const start = this.take(length);
    try {
      return this.#decoder.decode(this.bytes.subarray(start, start + length));
    } catch (cause) {
      throw invalidGguf(`the string at ${start} is not UTF-8`, cause);
    }
  }
}

export function invalidGguf(what: string, cause?: unknown): FuzzError {
  return new FuzzError(`The GGUF file can't be used: ${what}`, {
    code: "FUZZ_GGUF_INVALID",
    hint: "Check that it is a whole GGUF file of a supported kind.",
    cause,
  });
}
