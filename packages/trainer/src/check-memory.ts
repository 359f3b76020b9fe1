import { totalmem } from "node:os";
import type { ModelTensors } from "@fuzzc/llama";
import { FuzzError } from "@fuzzc/program";
import type { BaseShape } from "./base-shape.ts";

// BF16, as the weights are and with their axes exchanged.
const bytesBothWays = 4;

/**
 * Refuses a base model whose trained part does not fit this machine, since loading it would end the process without a
 * word. What a row takes comes on top of it.
 * @param firstLayer the first one that is trained.
 * @throws FuzzError FUZZ_OUT_OF_MEMORY
 */
export function checkMemory(
  { tensors }: Pick<ModelTensors, "tensors">,
  { vocabularySize, size }: Pick<BaseShape, "vocabularySize" | "size">,
  firstLayer: number,
  availableBytes: number = totalmem(),
): void {
  // The head, which is trained through.
  let numbers = vocabularySize * size;
  for (const [name, { shape }] of tensors) {
    const layer = /^blk\.(\d+)\./.exec(name)?.[1];
    if (layer !== undefined && Number(layer) >= firstLayer) {
      numbers += shape.reduce((product, length) => product * length, 1);
    }
  }
  const neededBytes = numbers * bytesBothWays;
  if (neededBytes > availableBytes) {
    const gigabytes = (bytes: number) => (bytes / 1e9).toFixed(1);
    throw new FuzzError(
      `Training on this base model takes more than ${gigabytes(neededBytes)} GB of memory; this machine has ${gigabytes(availableBytes)} GB`,
      {
        code: "FUZZ_OUT_OF_MEMORY",
        kind: "resource",
        hint: "Use a smaller base model, or show it examples instead: -O1.",
      },
    );
  }
}
