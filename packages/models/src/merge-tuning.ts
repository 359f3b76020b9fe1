import { FuzzError } from "@fuzzc/program";
import { mergeAdapter } from "./merge-adapter.ts";
import type { Tuning } from "./read-tuning.ts";

/**
 * A tensor with a tuning's change to it; of one that the tuning leaves alone, itself.
 * @param name of the tensor in the base model
 * @throws FuzzError FUZZ_ADAPTER_INVALID when the tuning is for a tensor of another size
 */
export function mergeTuning(
  name: string,
  values: Float32Array,
  { adapter, added }: Tuning,
): Float32Array {
  const merged = mergeAdapter(name, values, adapter);
  const change = added.get(name);
  if (change === undefined) {
    return merged;
  }
  if (change.length !== merged.length) {
    throw new FuzzError(
      `The tuning can't be merged: ${name} has ${merged.length} numbers, not ${change.length}`,
      { code: "FUZZ_ADAPTER_INVALID", hint: "It is for another base model." },
    );
  }
  return merged.map((value, index) => value + (change[index] as number));
}
