import { type Adapter, FuzzError } from "@fuzzc/program";

/**
 * A matrix with an adapter's change to it: W + alpha / rank · B A. Of a matrix that the adapter leaves alone, itself.
 * @param name of the tensor in the base model
 * @param values dOut x dIn, row major
 * @throws FuzzError FUZZ_ADAPTER_INVALID when the adapter is for a matrix of another size
 */
export function mergeAdapter(
  name: string,
  values: Float32Array,
  { layers, alpha, rank }: Adapter,
): Float32Array {
  const layer = layers.get(name);
  if (layer === undefined) {
    return values;
  }
  const { a, b, dIn, dOut } = layer;
  if (values.length !== dIn * dOut) {
    throw new FuzzError(`The adapter can't be merged: ${name} has other sizes`, {
      code: "FUZZ_ADAPTER_INVALID",
      hint: "It is for another base model.",
    });
  }
  const merged = values.slice();
  for (let row = 0; row < dOut; row++) {
    for (let k = 0; k < rank; k++) {
      const factor = (alpha / rank) * (b[row * rank + k] as number);
      for (let column = 0; column < dIn; column++) {
        const at = row * dIn + column;
        merged[at] = (merged[at] as number) + factor * (a[k * dIn + column] as number);
      }
    }
  }
  return merged;
}
