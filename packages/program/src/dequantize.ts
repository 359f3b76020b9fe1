import { FuzzError } from "./errors.ts";
import { fromFloat16Bits } from "./float16.ts";
import { type TensorType, tensorLayouts } from "./tensor-type.ts";

/**
 * The values of a tensor as float32, row after row.
 * @param tensor type and data: whole blocks, little endian.
 * @throws FuzzError FUZZ_TENSOR_INVALID when the data are not whole blocks.
 */
export function dequantize(tensor: { type: TensorType; data: Uint8Array }): Float32Array {
  const { type, data } = tensor;
  const { blockLength, blockBytes } = tensorLayouts[type];
  if (data.length % blockBytes !== 0) {
    throw new FuzzError(`${data.length} bytes are not whole blocks of ${type}`, {
      code: "FUZZ_TENSOR_INVALID",
    });
  }
  const values = new Float32Array((data.length / blockBytes) * blockLength);
  decoders[type](data, values);
  return values;
}

const decoders: Record<TensorType, (data: Uint8Array, values: Float32Array) => void> = {
  F32(data, values) {
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    for (let i = 0; i < values.length; i++) {
      values[i] = view.getFloat32(i * 4, true);
    }
  },
  F16(data, values) {
    for (let i = 0; i < values.length; i++) {
      values[i] = fromFloat16Bits(readUint16(data, i * 2));
    }
  },
  Q8_0(data, values) {
    const quants = new Int8Array(data.buffer, data.byteOffset, data.byteLength);
    for (let position = 0, i = 0; i < values.length; position += 34, i += 32) {
      const scale = fromFloat16Bits(readUint16(data, position));
      for (let j = 0; j < 32; j++) {
        values[i + j] = scale * (quants[position + 2 + j] as number);
      }
    }
  },
  Q4_0(data, values) {
    for (let position = 0, i = 0; i < values.length; position += 18, i += 32) {
      const scale = fromFloat16Bits(readUint16(data, position));
      for (let j = 0; j < 16; j++) {
        const pair = data[position + 2 + j] as number;
        values[i + j] = scale * ((pair & 15) - 8);
        values[i + j + 16] = scale * ((pair >>> 4) - 8);
      }
    }
  },
};

function readUint16(data: Uint8Array, position: number): number {
  return (data[position] as number) | ((data[position + 1] as number) << 8);
}
