import {
  alignmentKey,
  alignUp,
  defaultAlignment,
  type Gguf,
  type GgufScalar,
  type GgufTensor,
  type GgufValue,
  ggufMagic,
  ggufTypeIds,
  isAlignment,
  maxArrayLength,
  maxDimensions,
  maxKeyBytes,
  maxMetadata,
  maxNameBytes,
  maxStringBytes,
  maxTensors,
  maxTensorValues,
} from "./gguf.ts";
import { GgufCursor, invalidGguf } from "./gguf-cursor.ts";
import { holdsRows, type TensorType, tensorLayouts, tensorTypeOf } from "./tensor-type.ts";

const typeNames = new Map<number, GgufValue["type"]>(
  Object.entries(ggufTypeIds).map(([name, id]) => [id, name as GgufValue["type"]]),
);

// The fewest bytes each thing takes: a claimed count that can't fit in the bytes left is refused before any work.
const minMetadataBytes = 8 + 4 + 1;
const minTensorBytes = 8 + 4 + 8 + 4 + 8;
const scalarBytes: Record<GgufScalar["type"], number> = {
  uint8: 1,
  int8: 1,
  uint16: 2,
  int16: 2,
  uint32: 4,
  int32: 4,
  float32: 4,
  bool: 1,
  string: 8,
  uint64: 8,
  int64: 8,
  float64: 8,
};

/**
 * Reads a GGUF file of version 2 or 3 in memory. Tensor data are views into `bytes`, not copies.
 * As in ggml, tensors must lie one after another, each aligned. Types: F32, F16, Q8_0, Q4_0.
 * @throws FuzzError FUZZ_GGUF_INVALID or FUZZ_GGUF_TRUNCATED.
 */
export function readGguf(bytes: Uint8Array): Gguf {
  const cursor = new GgufCursor(bytes);
  if (cursor.left < 4 || cursor.uint32() !== ggufMagic) {
    throw invalidGguf("it does not start with GGUF");
  }
  const version = cursor.uint32();
  if (version !== 2 && version !== 3) {
    throw invalidGguf(`its version is ${version}, not 2 or 3`);
  }
  const tensorCount = cursor.count("tensors", maxTensors);
  const metadataCount = cursor.count("metadata entries", maxMetadata);
  if (tensorCount * minTensorBytes + metadataCount * minMetadataBytes > cursor.left) {
    throw invalidGguf(`${tensorCount} tensors and ${metadataCount} entries can't fit in it`);
  }
  const metadata = readMetadata(cursor, metadataCount);
  const headers = Array.from({ length: tensorCount }, () => readTensorHeader(cursor));
  if (new Set(headers.map(({ name }) => name)).size !== tensorCount) {
    throw invalidGguf("a tensor appears twice");
  }
  const alignment = readAlignment(metadata);
  const dataStart = alignUp(cursor.position, alignment);
  let offset = 0;
  const tensors = headers.map((header): GgufTensor => {
    if (header.offset !== BigInt(offset)) {
      throw invalidGguf(`the data of ${header.name} start at ${header.offset}, not at ${offset}`);
    }
    const { name, type, shape } = header;
    cursor.position = Math.min(dataStart + offset, bytes.length);
    const start = cursor.take(header.sizeBytes);
    offset = alignUp(offset + header.sizeBytes, alignment);
    return { name, type, shape, data: bytes.subarray(start, start + header.sizeBytes) };
  });
  return { version, metadata, tensors };
}

function readMetadata(cursor: GgufCursor, count: number): Map<string, GgufValue> {
  const metadata = new Map<string, GgufValue>();
  for (let i = 0; i < count; i++) {
    const key = cursor.string(maxKeyBytes);
    if (metadata.has(key)) {
      throw invalidGguf(`the key ${key} appears twice`);
    }
    const type = readType(cursor);
    metadata.set(key, type === "array" ? readArray(cursor) : readScalar(cursor, type));
  }
  return metadata;
}

function readType(cursor: GgufCursor): GgufValue["type"] {
  const id = cursor.uint32();
  const type = typeNames.get(id);
  if (type === undefined) {
    throw invalidGguf(`it holds a value of the unknown type ${id}`);
  }
  return type;
}

function readScalar(cursor: GgufCursor, type: GgufScalar["type"]): GgufScalar {
  const value = type === "string" ? cursor.string(maxStringBytes) : cursor[type]();
  return { type, value } as GgufScalar;
}

function readArray(cursor: GgufCursor): GgufValue {
  const of = readType(cursor);
  if (of === "array") {
    throw invalidGguf("it holds an array of arrays");
  }
  const count = cursor.count("values in an array", maxArrayLength);
  if (count * scalarBytes[of] > cursor.left) {
    throw invalidGguf(`an array of ${count} values can't fit in it`);
  }
  const value = Array.from({ length: count }, () => readScalar(cursor, of).value);
  return { type: "array", of, value };
}

interface TensorHeader {
  name: string;
  type: TensorType;
  shape: number[];
  sizeBytes: number;
  offset: bigint;
}

function readTensorHeader(cursor: GgufCursor): TensorHeader {
  const name = cursor.string(maxNameBytes);
  const dimensions = cursor.uint32();
  if (dimensions < 1 || dimensions > maxDimensions) {
    throw invalidGguf(`the tensor ${name} has ${dimensions} dimensions`);
  }
  const shape: number[] = [];
  let values = 1;
  for (let i = 0; i < dimensions; i++) {
    const length = cursor.count(`values along ${name}`, maxTensorValues);
    values *= length;
    if (length === 0 || values > maxTensorValues) {
      throw invalidGguf(`the tensor ${name} is ${[...shape, length].join(" x ")}`);
    }
    shape.push(length);
  }
  const id = cursor.uint32();
  const type = tensorTypeOf(id);
  if (type === undefined) {
    throw invalidGguf(`the tensor ${name} has type ${id}; only F32, F16, Q8_0, Q4_0 are read`);
  }
  if (!holdsRows(type, shape[0] as number)) {
    throw invalidGguf(`the tensor ${name} has rows of ${shape[0]}, which ${type} can't hold`);
  }
  const { blockLength, blockBytes } = tensorLayouts[type];
  return {
    name,
    type,
    shape,
    sizeBytes: (values / blockLength) * blockBytes,
    offset: cursor.uint64(),
  };
}

function readAlignment(metadata: Map<string, GgufValue>): number {
  const entry = metadata.get(alignmentKey);
  if (entry === undefined) {
    return defaultAlignment;
  }
  if (entry.type !== "uint32" || !isAlignment(entry.value)) {
    throw invalidGguf(`its alignment is ${entry.value}`);
  }
  return entry.value;
}
