import { dequantize } from "./dequantize.ts";
import { quantize } from "./quantize.ts";

/**
 * Coefficients as a thin program stores them: float16, little endian.
 * @throws FuzzError FUZZ_TENSOR_NOT_FINITE
 */
export function encodeCoefficients(coefficients: Float32Array): Uint8Array {
  return quantize(coefficients, "F16", Math.max(1, coefficients.length));
}

/**
 * The inverse of `encodeCoefficients`.
 * @throws FuzzError FUZZ_TENSOR_INVALID for an odd number of bytes.
 */
export function decodeCoefficients(bytes: Uint8Array): Float32Array {
  return dequantize({ type: "F16", data: bytes });
}
