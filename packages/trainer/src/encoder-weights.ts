import { ggmlTypes, type Tensor, type TensorPlan, type TensorStore } from "@fuzzc/llama";
import type { EncoderLayerWeights, NormWeights } from "./encoder-layer.ts";
import { type EncoderModule, type EncoderShape, encoderModules } from "./encoder-shape.ts";
import {
  type FileSource,
  fillStore,
  pickWeight,
  planBothWays,
  planLike,
} from "./frozen-weights.ts";

/** The weights of an encoder, for both ways. */
export interface EncoderWeights extends Disposable {
  tokens: Tensor;
  positions: Tensor;
  /** Of the only kind of token that there is. */
  tokenTypes: Tensor;
  embeddingNorm: NormWeights;
  layers: EncoderLayerWeights[];
}

const embeddings = ["token_embd.weight", "position_embd.weight", "token_types.weight"] as const;
const meanName = "mean";

/** Loads all of an encoder: matrices in BF16, as they are and transposed; vectors and embeddings as in the file. */
export async function loadEncoderWeights(
  source: FileSource,
  { layerCount, size }: EncoderShape,
): Promise<EncoderWeights> {
  const plans = new Map<string, TensorPlan>();
  const plan = (name: string) => plans.set(name, planLike(source, name));
  for (const name of [...embeddings, ...normNames("token_embd_norm")]) {
    plan(name);
  }
  for (let layer = 0; layer < layerCount; layer++) {
    for (const module of encoderModules) {
      planBothWays(source, plans, `${blockName(layer, module)}.weight`);
      plan(`${blockName(layer, module)}.bias`);
    }
    for (const norm of ["attn_output_norm", "layer_output_norm"]) {
      normNames(blockName(layer, norm)).forEach(plan);
    }
  }
  const constants = source.worktop.store(
    new Map([[meanName, { type: ggmlTypes.F32, shape: [size] }]]),
  );
  constants.write(meanName, new Float32Array(size).fill(-1 / size));
  const mean = constants.get(meanName);
  const store = await fillStore(source, plans).catch((error: unknown) => {
    constants[Symbol.dispose]();
    throw error;
  });
  const [tokens, positions, tokenTypes] = embeddings.map((name) => store.get(name)) as [
    Tensor,
    Tensor,
    Tensor,
  ];
  return {
    tokens,
    positions,
    tokenTypes,
    embeddingNorm: pickNorm(store, "token_embd_norm", mean),
    layers: Array.from({ length: layerCount }, (_, layer) => pickLayer(store, layer, mean)),
    [Symbol.dispose]() {
      store[Symbol.dispose]();
      constants[Symbol.dispose]();
    },
  };
}

function pickLayer(store: TensorStore<string>, layer: number, mean: Tensor): EncoderLayerWeights {
  return {
    attentionNorm: pickNorm(store, blockName(layer, "attn_output_norm"), mean),
    outputNorm: pickNorm(store, blockName(layer, "layer_output_norm"), mean),
    modules: Object.fromEntries(
      encoderModules.map((module) => {
        const name = blockName(layer, module);
        const bias = store.get(`${name}.bias`);
        return [module, { ...pickWeight(store, `${name}.weight`), bias }];
      }),
    ) as EncoderLayerWeights["modules"],
  };
}

function pickNorm(store: TensorStore<string>, name: string, mean: Tensor): NormWeights {
  const [weight, bias] = normNames(name).map((one) => store.get(one)) as [Tensor, Tensor];
  return { weight, bias, mean };
}

function normNames(name: string): string[] {
  return [`${name}.weight`, `${name}.bias`];
}

function blockName(layer: number, name: EncoderModule | (string & {})): string {
  return `blk.${layer}.${name}`;
}
