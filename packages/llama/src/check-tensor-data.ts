import { FuzzError } from "@fuzzc/program";
import { invalidGguf } from "./gguf-cursor.ts";
import type { Native } from "./native.ts";
import type { GgufHeader } from "./read-gguf-header.ts";

// ggml type numbers that the engine's matrix product takes as weights on a processor: F32, F16, BF16, and the quantised
// ones, less Q8_1 and Q8_K, which only hold intermediate results. Others would end in an abort when they are used.
const weightTypes = new Set([
  0, 1, 2, 3, 6, 7, 8, 10, 11, 12, 13, 14, 16, 17, 18, 19, 20, 21, 22, 23, 29, 30, 34, 35, 39,
]);
const float32 = 0;

/**
 * Checks that every tensor has a type the engine can compute with, whole rows, and data that end before `sizeBytes`.
 * @throws FuzzError FUZZ_GGUF_INVALID, FUZZ_GGUF_TRUNCATED
 */
export function checkTensorData(
  native: Native,
  { tensors, dataStart }: GgufHeader,
  sizeBytes: number,
  name: string,
): void {
  for (const tensor of tensors.values()) {
    const { type, shape, offset } = tensor;
    const rowLength = shape[0] as number;
    // Norms and biases are vectors; the engine adds and multiplies only F32 ones on every processor.
    const fits = shape.length === 1 ? type === float32 : weightTypes.has(type);
    if (!fits || rowLength % Number(native.ggml_blck_size(type)) !== 0) {
      throw invalidGguf(
        name,
        `the tensor ${tensor.name} has rows of ${rowLength} values of type ${type}`,
      );
    }
    const blocks =
      shape.reduce((product, length) => product * length, 1) / native.ggml_blck_size(type);
    const end = dataStart + offset + blocks * native.ggml_type_size(type);
    if (end > sizeBytes) {
      throw new FuzzError(
        `${name}: the data of ${tensor.name} end at byte ${end}, but there are only ${sizeBytes}`,
        { code: "FUZZ_GGUF_TRUNCATED", hint: "It was cut short; fetch it again." },
      );
    }
  }
}
