import type { GgmlFunctions } from "./ggml-functions.ts";
import { countElements, shapeError, type Tensor } from "./ggml-tensor.ts";

/** What a tensor is written from or read into: bytes, or numbers of its own type. */
export type TensorValues = Float32Array | Int32Array | Uint8Array;

/** Bytes of a tensor whose numbers lie in order. */
export function countBytes(native: GgmlFunctions, { type, shape }: Tensor): number {
  const blocks = countElements(shape) / Number(native.ggml_blck_size(type));
  return blocks * Number(native.ggml_type_size(type));
}

/** @throws FuzzError FUZZ_SHAPE_MISMATCH unless `values` are exactly as long as the tensor. */
export function writeTensor(native: GgmlFunctions, tensor: Tensor, values: TensorValues): void {
  checkLength(native, tensor, values);
  native.ggml_backend_tensor_set(tensor.pointer, values, 0, values.byteLength);
}

/** @throws FuzzError FUZZ_SHAPE_MISMATCH unless `values` are exactly as long as the tensor. */
export function readTensor(native: GgmlFunctions, tensor: Tensor, values: TensorValues): void {
  checkLength(native, tensor, values);
  native.ggml_backend_tensor_get(tensor.pointer, values, 0, values.byteLength);
}

function checkLength(native: GgmlFunctions, tensor: Tensor, { byteLength }: TensorValues): void {
  if (tensor.layout !== "plain" || byteLength !== countBytes(native, tensor)) {
    throw shapeError(`A copy of ${byteLength} bytes`, [tensor]);
  }
}
