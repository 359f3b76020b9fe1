import type { ModelTensors, Rope } from "@fuzzc/llama";
import { FuzzError } from "@fuzzc/program";

/** The numbers of a base model that its computation depends on. */
export interface BaseShape {
  layerCount: number;
  /** Numbers in one hidden state. */
  size: number;
  heads: number;
  kvHeads: number;
  headSize: number;
  vocabularySize: number;
  epsilon: number;
  rope: Rope;
}

/** The weights of one layer that an adapter changes, by the engine's names. */
export const modules = [
  "attn_q",
  "attn_k",
  "attn_v",
  "attn_output",
  "ffn_gate",
  "ffn_up",
  "ffn_down",
] as const;
export type Module = (typeof modules)[number];

/** The engine's name of a weight. */
export function tensorName(layer: number, module: Module | "attn_norm" | "ffn_norm"): string {
  return `blk.${layer}.${module}.weight`;
}

/**
 * Reads what a model file says about its shape.
 * @throws FuzzError FUZZ_MODEL_UNSUPPORTED for what the trainer can't compute.
 */
export function readBaseShape({ metadata, tensors }: ModelTensors): BaseShape {
  const architecture = metadata.get("general.architecture");
  if (architecture !== "llama") {
    throw unsupported(`its architecture is ${String(architecture)}, not llama`);
  }
  const number = (key: string, otherwise?: number): number => {
    const value = metadata.get(`llama.${key}`) ?? otherwise;
    if (typeof value !== "number") {
      throw unsupported(`it does not say llama.${key}`);
    }
    return value;
  };
  for (const name of tensors.keys()) {
    if (/bias$|exps|rope_freqs|_q_norm|_k_norm/.test(name)) {
      throw unsupported(`it has the tensor ${name}`);
    }
  }
  const size = number("embedding_length");
  const heads = number("attention.head_count");
  const headSize = number("attention.key_length", size / heads);
  if ((metadata.get("llama.rope.scaling.type") ?? "none") !== "none") {
    throw unsupported("it stretches its positions");
  }
  return {
    layerCount: number("block_count"),
    size,
    heads,
    kvHeads: number("attention.head_count_kv", heads),
    headSize,
    vocabularySize: tensors.get("token_embd.weight")?.shape[1] ?? 0,
    epsilon: number("attention.layer_norm_rms_epsilon"),
    rope: {
      dimensions: number("rope.dimension_count", headSize),
      mode: "normal",
      base: number("rope.freq_base", 10_000),
    },
  };
}

/** [row length, rows] of a module's weight: what goes in, and what comes out. */
export function moduleShape(
  { tensors }: ModelTensors,
  layer: number,
  module: Module,
): [number, number] {
  const [dIn, dOut] = tensors.get(tensorName(layer, module))?.shape ?? [];
  if (dIn === undefined || dOut === undefined) {
    throw unsupported(`it has no ${tensorName(layer, module)}`);
  }
  return [dIn, dOut];
}

function unsupported(what: string): FuzzError {
  return new FuzzError(`This base model can't be trained on: ${what}`, {
    code: "FUZZ_MODEL_UNSUPPORTED",
    hint: "Models of the llama family without scaled positions can, for example smollm2-135m-instruct.",
  });
}
