import { type AdapterLayer, writeAdapter } from "@fuzzc/program";
import { makeRandom } from "./tiny-model.fixture.ts";

/** What an adapter is made for. */
interface AdaptedShape {
  architecture: string;
  embeddingSize: number;
  headCount: number;
  kvHeadCount: number;
}

/** The bytes of an adapter for the query and value weights of two layers, large enough to move the logits. */
export function makeRandomAdapter(model: AdaptedShape, seed: number): Uint8Array {
  const random = makeRandom(seed);
  const values = (length: number, size: number) =>
    Float32Array.from({ length }, () => (random() - 0.5) * size);
  const rank = 4;
  const dIn = model.embeddingSize;
  const headSize = dIn / model.headCount;
  const layers = new Map<string, AdapterLayer>();
  for (const layer of [0, 1]) {
    for (const [module, heads] of [
      ["attn_q", model.headCount],
      ["attn_v", model.kvHeadCount],
    ] as const) {
      const dOut = heads * headSize;
      layers.set(`blk.${layer}.${module}.weight`, {
        a: values(rank * dIn, 0.1),
        b: values(dOut * rank, 0.1),
        dIn,
        dOut,
      });
    }
  }
  const headCounts = { heads: model.headCount, kvHeads: model.kvHeadCount };
  return writeAdapter(
    { architecture: model.architecture, rank, alpha: rank, layers },
    { type: "F16", headCounts },
  );
}
