import type { LoraLayout } from "./lora.ts";
import { type LoraStart, type LoraValues, placeLora } from "./lora-file.ts";

/**
 * Puts an adapter to start from over the parameters to train.
 * @param firstLayer the lowest one that is trained.
 * @param layOut makes the layout of some layers.
 * @returns what it changes below that, which stays as it is; undefined: nothing.
 * @throws FuzzError FUZZ_ADAPTER_MISMATCH
 */
export function placeStart(
  start: LoraStart,
  trained: LoraValues,
  firstLayer: number,
  layOut: (layers: readonly number[]) => LoraLayout,
): LoraValues | undefined {
  const [lower, upper]: [LoraStart["pairs"], LoraStart["pairs"]] = [new Map(), new Map()];
  const lowerLayers = new Set<number>();
  for (const [name, pair] of start.pairs) {
    const layer = Number(/^blk\.(\d+)\./.exec(name)?.[1] ?? firstLayer);
    if (layer < firstLayer) {
      lowerLayers.add(layer);
      lower.set(name, pair);
    } else {
      upper.set(name, pair);
    }
  }
  placeLora(trained.layout, trained.values, { ...start, pairs: upper });
  if (lowerLayers.size === 0) {
    return undefined;
  }
  const layout = layOut([...lowerLayers].sort((a, b) => a - b));
  const values = new Float32Array(layout.count);
  placeLora(layout, values, { ...start, pairs: lower });
  return { layout, values };
}
