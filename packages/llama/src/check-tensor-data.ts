import { FuzzError } from "@fuzzc/program";
import type { Native } from "./native.ts";
import type { GgufHeader } from "./read-gguf-header.ts";

// The number of ggml's types in this build, and the numbers in between that were retired (block size 0 in the library).
const typeCount = 43;

/**
 * Checks that every tensor has a known type, whole rows, and data that end before `sizeBytes`.
 * @throws FuzzError FUZZ_GGUF_INVALID or FUZZ_GGUF_TRUNCATED
 */
export function checkTensorData(
  native: Native,
  header: GgufHeader,
  sizeBytes: number,
  name: string,
): void {
  for (const tensor of header.tensors.values()) {
    const { type, shape, offset } = tensor;
    const block = type < typeCount ? Number(native.ggml_blck_size(type)) : 0;
    const blockBytes = block > 0 ? native.ggml_type_size(type) : 0;
    const rowLength = shape[0] as number;
    if (blockBytes === 0 || rowLength % block !== 0) {
      throw new FuzzError(
        `${name}: the tensor ${tensor.name} has type ${type}, which can't hold rows of ${rowLength} values`,
        { code: "FUZZ_GGUF_INVALID" },
      );
    }
    const bytes = (shape.reduce((product, length) => product * length, 1) / block) * blockBytes;
    const missing = header.dataStart + offset + bytes - sizeBytes;
    if (missing > 0) {
      throw new FuzzError(
        `${name}: the data of ${tensor.name} end ${missing} bytes after the end of the file`,
        { code: "FUZZ_GGUF_TRUNCATED", hint: "The file was cut short; fetch it again." },
      );
    }
  }
}
