import type { TensorType } from "./tensor-type.ts";

/** GGUF's number of each metadata type. */
export const ggufTypeIds = {
  uint8: 0,
  int8: 1,
  uint16: 2,
  int16: 3,
  uint32: 4,
  int32: 5,
  float32: 6,
  bool: 7,
  string: 8,
  array: 9,
  uint64: 10,
  int64: 11,
  float64: 12,
} as const;

type NumberType =
  | "uint8"
  | "int8"
  | "uint16"
  | "int16"
  | "uint32"
  | "int32"
  | "float32"
  | "float64";

/** A metadata value that is not an array, with its type in the file. */
export type GgufScalar =
  | { type: NumberType; value: number }
  | { type: "uint64"; value: bigint }
  | { type: "int64"; value: bigint }
  | { type: "bool"; value: boolean }
  | { type: "string"; value: string };

/** A metadata array; all its items have the type `of`. */
export interface GgufArray {
  type: "array";
  of: GgufScalar["type"];
  value: readonly GgufScalar["value"][];
}

export type GgufValue = GgufScalar | GgufArray;

export interface GgufTensor {
  name: string;
  type: TensorType;
  /** ggml's order: `shape[0]` is the row length (ne0). One to four dimensions. */
  shape: number[];
  /** Whole blocks, little endian. A reader gives a view into the file's bytes. */
  data: Uint8Array;
}

export interface Gguf {
  version: number;
  metadata: Map<string, GgufValue>;
  tensors: GgufTensor[];
}

// Limits of both reader and writer. Each guards against a header that makes us, or the engine, allocate without end.
export const maxMetadata = 65_536;
export const maxTensors = 65_536;
export const maxArrayLength = 1_048_576;
export const maxKeyBytes = 65_535;
export const maxStringBytes = 16 * 1024 ** 2;
/** GGML_MAX_NAME, less the closing NUL: a longer name would be cut by the engine. */
export const maxNameBytes = 63;
/** GGML_MAX_DIMS */
export const maxDimensions = 4;
/** Values in a tensor: a product beyond this no longer fits a JS integer on the way. */
export const maxTensorValues = 2 ** 40;
export const maxAlignment = 65_536;

export const defaultAlignment = 32;
export const alignmentKey = "general.alignment";
/** "GGUF" as a little-endian uint32. */
export const ggufMagic = 0x46554747;

export function alignUp(position: number, alignment: number): number {
  return Math.ceil(position / alignment) * alignment;
}

export function isAlignment(value: number): boolean {
  return value >= 8 && value <= maxAlignment && (value & (value - 1)) === 0;
}
