import { readOnnx } from "./read-onnx.ts";
import { readSafetensors, type SafeTensor } from "./read-safetensors.ts";

/**
 * The weights of a model, by their PyTorch names.
 * @param file its name: model.onnx, or else a safetensors file
 * @throws FuzzError FUZZ_ONNX_INVALID; FUZZ_SAFETENSORS_INVALID, FUZZ_JSON_INVALID
 */
export function readWeights(file: string, bytes: Uint8Array): Map<string, SafeTensor> {
  return file.endsWith(".onnx") ? readOnnx(bytes) : readSafetensors(bytes);
}
