import { FuzzError, parseJson } from "@fuzzc/program";

/** A tensor of a safetensors file; `data` is a view into the file's bytes, little endian. */
export interface SafeTensor {
  dtype: string;
  /** Row-major: the row length last. */
  shape: number[];
  data: Uint8Array;
}

// Each limit stops a header from making us allocate, or look, without end.
const maxHeaderBytes = 16 * 1024 ** 2;
const maxTensors = 65_536;
const maxDimensions = 8;

const itemBytes: Record<string, number> = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
};

/**
 * Reads a safetensors file in memory: 8 bytes with the header's length, a JSON header, the data.
 * Every tensor must lie whole inside the data, with as many bytes as its shape takes.
 * Source: the format as the safetensors library documents it.
 * @throws FuzzError FUZZ_SAFETENSORS_INVALID, FUZZ_JSON_INVALID
 */
export function readSafetensors(bytes: Uint8Array): Map<string, SafeTensor> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerBytes = bytes.length < 8 ? -1n : view.getBigUint64(0, true);
  if (headerBytes < 2n || headerBytes > BigInt(Math.min(maxHeaderBytes, bytes.length - 8))) {
    throw invalid("its header does not fit in it");
  }
  const start = 8 + Number(headerBytes);
  const header = parseJson(decodeText(bytes.subarray(8, start)), "The header of the weights");
  if (!isObject(header)) {
    throw invalid("its header is not an object");
  }
  const entries = Object.entries(header).filter(([name]) => name !== "__metadata__");
  if (entries.length > maxTensors) {
    throw invalid(`it has ${entries.length} tensors`);
  }
  const data = bytes.subarray(start);
  return new Map(entries.map(([name, entry]) => [name, readTensor(name, entry, data)]));
}

function readTensor(name: string, entry: unknown, data: Uint8Array): SafeTensor {
  const { dtype, shape, data_offsets: offsets } = isObject(entry) ? entry : {};
  if (typeof dtype !== "string" || !Object.hasOwn(itemBytes, dtype)) {
    throw invalid(`the tensor ${name} has the type ${JSON.stringify(dtype)}`);
  }
  if (!isLengths(shape) || shape.length > maxDimensions) {
    throw invalid(`the tensor ${name} has the shape ${JSON.stringify(shape)}`);
  }
  const size = shape.reduce((product, length) => product * length, itemBytes[dtype] as number);
  const fits =
    isLengths(offsets) &&
    offsets.length === 2 &&
    (offsets[1] as number) <= data.length &&
    (offsets[1] as number) - (offsets[0] as number) === size;
  if (!fits) {
    throw invalid(`the data of ${name} lie at ${JSON.stringify(offsets)}`);
  }
  return { dtype, shape, data: data.subarray(offsets[0], offsets[1]) };
}

function isLengths(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw invalid("its header is not UTF-8", cause);
  }
}

function invalid(what: string, cause?: unknown): FuzzError {
  return new FuzzError(`The weights can't be read as safetensors: ${what}`, {
    code: "FUZZ_SAFETENSORS_INVALID",
    hint: "The file is damaged; fetch it again.",
    cause,
  });
}
