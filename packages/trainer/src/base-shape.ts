import type { ModelTensors, Rope } from "@fuzzc/llama";
import { FuzzError } from "@fuzzc/program";

/** The numbers of a base model that its computation depends on. */
export interface BaseShape {
  /** As its file names it. */
  architecture: string;
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

/** The tensors of one layer that no adapter changes. Some architectures lack the last two. */
export type LayerNorm = "attn_norm" | "ffn_norm" | "attn_q_norm" | "attn_k_norm";

/** The engine's name of a weight. */
export function tensorName(layer: number, part: Module | LayerNorm): string {
  return `blk.${layer}.${part}.weight`;
}

/** The engine's name of what is added to a module's result, in architectures that have it. */
export function biasName(layer: number, module: Module): string {
  return `blk.${layer}.${module}.bias`;
}

/** What the trainer computes, by the name of the architecture: how the engine stores rotary pairs, and what it adds. */
const architectures = {
  llama: { rope: "normal", parts: "" },
  qwen2: { rope: "neox", parts: "|attn_[qkv]\\.bias" },
  qwen3: { rope: "neox", parts: "|attn_[qk]_norm\\.weight" },
} as const;

/**
 * Reads what a model file says about its shape.
 * @throws FuzzError FUZZ_MODEL_UNSUPPORTED for what the trainer can't compute.
 */
export function readBaseShape({ metadata, tensors }: ModelTensors): BaseShape {
  const architecture = String(metadata.get("general.architecture"));
  if (!isKnown(architecture)) {
    throw unsupported(`its architecture is ${architecture}`);
  }
  const number = (key: string, otherwise?: number): number => {
    const value = metadata.get(`${architecture}.${key}`) ?? otherwise;
    if (typeof value !== "number") {
      throw unsupported(`it does not say ${architecture}.${key}`);
    }
    return value;
  };
  const { rope, parts } = architectures[architecture];
  const known = new RegExp(
    `^(token_embd|output|output_norm|rope_freqs)\\.weight$|^blk\\.\\d+\\.((attn_norm|ffn_norm|${modules.join("|")})\\.weight${parts})$`,
  );
  const unknown = [...tensors.keys()].find((name) => !known.test(name));
  if (unknown !== undefined) {
    throw unsupported(`it has the tensor ${unknown}`);
  }
  const size = number("embedding_length");
  const heads = number("attention.head_count");
  const headSize = number("attention.key_length", size / heads);
  if ((metadata.get(`${architecture}.rope.scaling.type`) ?? "none") !== "none") {
    throw unsupported("it stretches its positions");
  }
  return {
    architecture,
    layerCount: number("block_count"),
    size,
    heads,
    kvHeads: number("attention.head_count_kv", heads),
    headSize,
    vocabularySize: tensors.get("token_embd.weight")?.shape[1] ?? 0,
    epsilon: number("attention.layer_norm_rms_epsilon"),
    rope: {
      dimensions: number("rope.dimension_count", headSize),
      mode: rope,
      base: number("rope.freq_base", 10_000),
    },
  };
}

function isKnown(name: string): name is keyof typeof architectures {
  return Object.hasOwn(architectures, name);
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
    hint: `Models of the architectures ${Object.keys(architectures).join(", ")} without scaled positions can, for example smollm2-135m-instruct.`,
  });
}
