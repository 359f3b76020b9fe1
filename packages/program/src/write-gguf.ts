import { FuzzError } from "./errors.ts";
import {
  alignmentKey,
  alignUp,
  defaultAlignment,
  type GgufScalar,
  type GgufTensor,
  type GgufValue,
  ggufMagic,
  ggufTypeIds,
  maxArrayLength,
  maxDimensions,
  maxKeyBytes,
  maxMetadata,
  maxNameBytes,
  maxStringBytes,
  maxTensors,
  maxTensorValues,
} from "./gguf.ts";
import { GgufOutput } from "./gguf-output.ts";
import { holdsRows, tensorLayouts } from "./tensor-type.ts";

/** What `writeGguf` takes. */
export interface GgufContent {
  /** Written in the map's order. */
  metadata: ReadonlyMap<string, GgufValue>;
  /** Written in this order. */
  tensors: readonly GgufTensor[];
}

/**
 * Writes a GGUF file of version 3 with alignment 32. The same content gives the same bytes.
 * @throws FuzzError FUZZ_GGUF_UNWRITABLE for what `readGguf` would refuse.
 */
export function writeGguf({ metadata, tensors }: GgufContent): Uint8Array {
  check(!metadata.has(alignmentKey), `${alignmentKey} can't be chosen`);
  check(metadata.size <= maxMetadata, `${metadata.size} metadata entries`);
  check(tensors.length <= maxTensors, `${tensors.length} tensors`);
  const names = new Set(tensors.map(({ name }) => name));
  check(names.size === tensors.length, "a tensor appears twice");

  const header = new GgufOutput();
  header.uint32(ggufMagic);
  header.uint32(3);
  header.uint64(BigInt(tensors.length));
  header.uint64(BigInt(metadata.size));
  for (const [key, value] of metadata) {
    writeString(header, key, maxKeyBytes);
    header.uint32(ggufTypeIds[value.type]);
    writeValue(header, value);
  }
  let dataBytes = 0;
  for (const tensor of tensors) {
    writeTensorHeader(header, tensor, dataBytes);
    dataBytes = alignUp(dataBytes + tensor.data.length, defaultAlignment);
  }

  const dataStart = alignUp(header.length, defaultAlignment);
  const bytes = new Uint8Array(dataStart + dataBytes);
  bytes.set(header.bytes());
  let position = dataStart;
  for (const { data } of tensors) {
    bytes.set(data, position);
    position = alignUp(position + data.length, defaultAlignment);
  }
  return bytes;
}

function writeTensorHeader(header: GgufOutput, tensor: GgufTensor, offset: number): void {
  const { name, type, shape, data } = tensor;
  const values = shape.reduce((product, length) => product * length, 1);
  const { id, blockLength, blockBytes } = tensorLayouts[type];
  check(
    shape.length >= 1 &&
      shape.length <= maxDimensions &&
      shape.every((length) => Number.isInteger(length) && length >= 1) &&
      values <= maxTensorValues &&
      holdsRows(type, shape[0] as number) &&
      data.length === (values / blockLength) * blockBytes,
    `the tensor ${name}, ${type} ${shape.join(" x ")}, has ${data.length} bytes`,
  );
  writeString(header, name, maxNameBytes);
  header.uint32(shape.length);
  for (const length of shape) {
    header.uint64(BigInt(length));
  }
  header.uint32(id);
  header.uint64(BigInt(offset));
}

function writeValue(output: GgufOutput, value: GgufValue): void {
  if (value.type !== "array") {
    writeScalar(output, value);
    return;
  }
  check(value.value.length <= maxArrayLength, `an array has ${value.value.length} values`);
  output.uint32(ggufTypeIds[value.of]);
  output.uint64(BigInt(value.value.length));
  for (const item of value.value) {
    writeScalar(output, { type: value.of, value: item } as GgufScalar);
  }
}

function writeScalar(output: GgufOutput, scalar: GgufScalar): void {
  if (scalar.type === "string") {
    writeString(output, scalar.value, maxStringBytes);
  } else if (scalar.type === "bool") {
    output.uint8(scalar.value ? 1 : 0);
  } else if (scalar.type === "uint64" || scalar.type === "int64") {
    output[scalar.type](scalar.value);
  } else {
    output[scalar.type](scalar.value);
  }
}

function writeString(output: GgufOutput, text: string, limit: number): void {
  const bytes = new TextEncoder().encode(text);
  check(bytes.length <= limit, `a string has ${bytes.length} bytes`);
  output.uint64(BigInt(bytes.length));
  output.append(bytes);
}

function check(condition: boolean, what: string): void {
  if (!condition) {
    throw new FuzzError(`The GGUF file can't be written: ${what}`, {
      code: "FUZZ_GGUF_UNWRITABLE",
      kind: "internal",
    });
  }
}
