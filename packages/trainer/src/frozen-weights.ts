import {
  type Ggml,
  ggmlTypes,
  type ModelTensors,
  type Tensor,
  type TensorPlan,
  type TensorStore,
  type Worktop,
} from "@fuzzc/llama";
import type { HeadWeights } from "./answer-loss.ts";
import {
  type BaseShape,
  biasName,
  type LayerNorm,
  type Module,
  modules,
  tensorName,
} from "./base-shape.ts";
import type { FrozenWeight } from "./tape.ts";
import type { BiasedWeight, LayerWeights } from "./transformer.ts";

const { F32, BF16 } = ggmlTypes;
const embeddingName = "token_embd.weight";
const factorsName = "rope_freqs.weight";
const norms: readonly LayerNorm[] = ["attn_norm", "ffn_norm", "attn_q_norm", "attn_k_norm"];
const transposed = (name: string) => `${name} transposed`;

/** A model file, and what turns its weights into those that are computed with. */
export interface FileSource {
  ggml: Ggml;
  worktop: Worktop;
  file: ModelTensors;
}

/** Where frozen weights come from. */
export interface WeightSource extends FileSource {
  shape: BaseShape;
  firstLayer: number;
}

/** The weights of the layers below the trained ones. */
export interface LowerWeights extends Disposable {
  embedding: Tensor;
  /** Of the rotary positions, if the file has them. */
  factors: Tensor | undefined;
  layers: LayerWeights[];
}

/** The weights of the trained layers and of the head, for both ways. */
export interface UpperWeights extends Disposable {
  /** Of the rotary positions, if the file has them. */
  factors: Tensor | undefined;
  layers: LayerWeights[];
  head: HeadWeights;
}

/** Loads the frozen layers below `firstLayer`, in `type`. */
export async function loadLowerWeights(source: WeightSource, type: number): Promise<LowerWeights> {
  const layers = Array.from({ length: source.firstLayer }, (_, layer) => layer);
  const plans = new Map<string, TensorPlan>();
  // Only looked up, so it stays as it is in the file.
  plans.set(embeddingName, planLike(source, embeddingName));
  for (const layer of layers) {
    planLayer(source, plans, layer, (name) => plans.set(name, { ...planLike(source, name), type }));
  }
  planFactors(source, plans);
  const store = await fillStore(source, plans);
  return {
    embedding: store.get(embeddingName),
    factors: store.tensors.get(factorsName),
    layers: layers.map((layer) => pickLayer(store, layer)),
    [Symbol.dispose]: () => store[Symbol.dispose](),
  };
}

/**
 * Loads the layers from `firstLayer` on and the head: in BF16, as they are and transposed. BF16 has the range that small
 * gradients need, and no other type of this precision is multiplied as quickly.
 */
export async function loadUpperWeights(source: WeightSource): Promise<UpperWeights> {
  const { file, shape, firstLayer } = source;
  const layers = Array.from({ length: shape.layerCount - firstLayer }, (_, i) => firstLayer + i);
  const plans = new Map<string, TensorPlan>();
  const planBoth = (name: string) => planBothWays(source, plans, name);
  for (const layer of layers) {
    planLayer(source, plans, layer, planBoth);
  }
  // Without a matrix of its own, the head uses the embedding's.
  const headName = file.tensors.has("output.weight") ? "output.weight" : embeddingName;
  planBoth(headName);
  plans.set("output_norm.weight", { type: F32, shape: [shape.size] });
  planFactors(source, plans);
  const store = await fillStore(source, plans);
  return {
    factors: store.tensors.get(factorsName),
    layers: layers.map((layer) => pickLayer(store, layer)),
    head: { norm: store.get("output_norm.weight"), output: pickWeight(store, headName) },
    [Symbol.dispose]: () => store[Symbol.dispose](),
  };
}

/** A tensor as it is in the file. */
export function planLike({ file }: FileSource, name: string): TensorPlan {
  const { type = F32, shape = [] } = file.tensors.get(name) ?? {};
  return { type, shape };
}

/** A weight for both ways, see `loadUpperWeights`. */
export function planBothWays(
  source: FileSource,
  plans: Map<string, TensorPlan>,
  name: string,
): void {
  const [dIn = 0, dOut = 0] = planLike(source, name).shape;
  plans.set(name, { type: BF16, shape: [dIn, dOut] });
  plans.set(transposed(name), { type: BF16, shape: [dOut, dIn] });
}

function planFactors(source: WeightSource, plans: Map<string, TensorPlan>): void {
  if (source.file.tensors.has(factorsName)) {
    plans.set(factorsName, { ...planLike(source, factorsName), type: F32 });
  }
}

function planLayer(
  source: WeightSource,
  plans: Map<string, TensorPlan>,
  layer: number,
  planMatrix: (name: string) => void,
): void {
  const vectors = [
    ...norms.map((norm) => tensorName(layer, norm)),
    ...modules.map((module) => biasName(layer, module)),
  ];
  for (const module of modules) {
    planMatrix(tensorName(layer, module));
  }
  for (const name of vectors.filter((one) => source.file.tensors.has(one))) {
    plans.set(name, { ...planLike(source, name), type: F32 });
  }
}

function pickLayer(store: TensorStore<string>, layer: number): LayerWeights {
  const norm = (name: LayerNorm) => store.tensors.get(tensorName(layer, name));
  const weight = (module: Module): BiasedWeight => ({
    ...pickWeight(store, tensorName(layer, module)),
    bias: store.tensors.get(biasName(layer, module)),
  });
  return {
    attentionNorm: store.get(tensorName(layer, "attn_norm")),
    feedForwardNorm: store.get(tensorName(layer, "ffn_norm")),
    queryNorm: norm("attn_q_norm"),
    keyNorm: norm("attn_k_norm"),
    modules: Object.fromEntries(modules.map((module) => [module, weight(module)])) as Record<
      Module,
      BiasedWeight
    >,
  };
}

/** A weight of a store, with its way back if it has one. */
export function pickWeight(store: TensorStore<string>, name: string): FrozenWeight {
  const forward = store.get(name);
  return store.tensors.has(transposed(name))
    ? { forward, backward: store.get(transposed(name)) }
    : { forward };
}

/** Makes a store, and reads the file's weights into it in the types and the ways planned. */
export async function fillStore(
  source: FileSource,
  plans: ReadonlyMap<string, TensorPlan>,
): Promise<TensorStore<string>> {
  const store = source.worktop.store(plans);
  try {
    for (const name of plans.keys()) {
      if (!name.endsWith(transposed(""))) {
        await convertWeight(source, store, name);
      }
    }
  } catch (error) {
    store[Symbol.dispose]();
    throw error;
  }
  return store;
}

/** Reads one weight, and writes it into the store in the type and the ways planned. */
async function convertWeight(
  { ggml, worktop, file }: FileSource,
  store: TensorStore<string>,
  name: string,
): Promise<void> {
  const { type = F32, shape = [] } = file.tensors.get(name) ?? {};
  using graph = ggml.openGraph(8);
  const raw = graph.input(type, shape);
  const bytes = new Uint8Array(graph.countBytes(raw));
  await file.read(name, bytes);
  const target = store.get(name);
  const bothWays = store.tensors.has(transposed(name));
  if (target.type === type && !bothWays) {
    store.write(name, bytes);
    return;
  }
  const values = type === F32 ? raw : graph.cast(raw, F32);
  graph.output(graph.copyInto(values, target));
  if (bothWays) {
    graph.output(graph.copyInto(graph.transpose(values), store.get(transposed(name))));
  }
  worktop.allocate(graph);
  graph.write(raw, bytes);
  await worktop.compute(graph);
}
