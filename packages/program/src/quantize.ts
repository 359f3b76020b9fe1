import { FuzzError } from "./errors.ts";
import { toFloat16Bits } from "./float16.ts";
import { holdsRows, type TensorType, tensorLayouts } from "./tensor-type.ts";

const blockLength = 32;
const infinity16 = 0x7c00;

/**
 * Stores float32 values in a tensor type, with the rounding of ggml's `quantize_row_*_ref`.
 * @param rowLength values in a row (ne0); a quantised type needs a multiple of 32.
 * @returns the blocks, little endian.
 * @throws FuzzError FUZZ_TENSOR_INVALID for rows the type can't hold, FUZZ_TENSOR_NOT_FINITE for a value or a scale
 *   that is not a finite number in that type.
 */
export function quantize(values: Float32Array, type: TensorType, rowLength: number): Uint8Array {
  if (
    !Number.isInteger(rowLength) ||
    rowLength < 1 ||
    values.length % rowLength !== 0 ||
    !holdsRows(type, rowLength)
  ) {
    throw new FuzzError(`${type} can't hold ${values.length} values in rows of ${rowLength}`, {
      code: "FUZZ_TENSOR_INVALID",
    });
  }
  const layout = tensorLayouts[type];
  const data = new Uint8Array((values.length / layout.blockLength) * layout.blockBytes);
  encoders[type](values, data);
  return data;
}

const encoders: Record<TensorType, (values: Float32Array, data: Uint8Array) => void> = {
  F32(values, data) {
    const view = new DataView(data.buffer);
    for (let i = 0; i < values.length; i++) {
      const value = values[i] as number;
      if (!Number.isFinite(value)) {
        throw notFinite("F32", value);
      }
      view.setFloat32(i * 4, value, true);
    }
  },
  F16(values, data) {
    for (let i = 0; i < values.length; i++) {
      writeFloat16(data, i * 2, values[i] as number, "F16");
    }
  },
  Q8_0(values, data) {
    for (let i = 0, position = 0; i < values.length; i += blockLength, position += 34) {
      const scale = Math.fround(Math.abs(largest(values, i)) / 127);
      const inverse = inverseOf(scale);
      writeFloat16(data, position, scale, "Q8_0");
      for (let j = 0; j < blockLength; j++) {
        const scaled = Math.fround((values[i + j] as number) * inverse);
        // C's roundf: halves go away from zero.
        const rounded = Math.floor(Math.abs(scaled) + 0.5);
        data[position + 2 + j] = scaled < 0 ? -rounded : rounded;
      }
    }
  },
  Q4_0(values, data) {
    for (let i = 0, position = 0; i < values.length; i += blockLength, position += 18) {
      const scale = Math.fround(largest(values, i) / -8);
      const inverse = inverseOf(scale);
      writeFloat16(data, position, scale, "Q4_0");
      for (let j = 0; j < 16; j++) {
        const low = nibble(values[i + j] as number, inverse);
        const high = nibble(values[i + j + 16] as number, inverse);
        data[position + 2 + j] = low | (high << 4);
      }
    }
  },
};

/** The value of largest magnitude in a block, the first of equals. */
function largest(values: Float32Array, start: number): number {
  let magnitude = 0;
  let value = 0;
  for (let i = start; i < start + blockLength; i++) {
    const candidate = values[i] as number;
    if (Number.isNaN(candidate)) {
      return candidate;
    }
    if (Math.abs(candidate) > magnitude) {
      magnitude = Math.abs(candidate);
      value = candidate;
    }
  }
  return value;
}

/** 1/scale in float32; 0 where the scale is 0, or so small that its inverse has no finite float32. */
function inverseOf(scale: number): number {
  const inverse = scale === 0 ? 0 : Math.fround(1 / scale);
  return Number.isFinite(inverse) ? inverse : 0;
}

function nibble(value: number, inverse: number): number {
  return Math.min(15, Math.trunc(Math.fround(Math.fround(value * inverse) + 8.5)));
}

function writeFloat16(data: Uint8Array, position: number, value: number, type: TensorType): void {
  const pattern = toFloat16Bits(value);
  if ((pattern & infinity16) === infinity16) {
    throw notFinite(type, value);
  }
  data[position] = pattern & 255;
  data[position + 1] = pattern >>> 8;
}

function notFinite(type: TensorType, value: number): FuzzError {
  return new FuzzError(`${value} can't be stored in ${type}`, {
    code: "FUZZ_TENSOR_NOT_FINITE",
    kind: "internal",
    hint: "A weight grew too large or is not a number.",
  });
}
