/** One LoRA pair: what is added to a weight W (dOut x dIn) is alpha / rank · B A. */
export interface AdapterLayer {
  /** rank x dIn, row major. */
  a: Float32Array;
  /** dOut x rank, row major, rows in the order of Hugging Face. */
  b: Float32Array;
  dIn: number;
  dOut: number;
}

/** A LoRA adapter, its rows in the order of Hugging Face (not yet permuted for llama.cpp). */
export interface Adapter {
  /** As in the base's `general.architecture`, for example "llama". */
  architecture: string;
  rank: number;
  alpha: number;
  /** By the name of the base's tensor, for example "blk.15.attn_q.weight". */
  layers: Map<string, AdapterLayer>;
}

/** Attention heads of the base model: llama.cpp's row order of q and k depends on them. */
export interface HeadCounts {
  heads: number;
  kvHeads: number;
}

/** The module names of compilers (Hugging Face's), and llama.cpp's name for each. */
export const moduleTensors: Readonly<Record<string, string>> = {
  down_proj: "ffn_down",
  gate_proj: "ffn_gate",
  k_proj: "attn_k",
  o_proj: "attn_output",
  q_proj: "attn_q",
  up_proj: "ffn_up",
  v_proj: "attn_v",
};

/** The heads whose rows llama.cpp permutes in this tensor, or undefined where it keeps their order. */
export function permutedHeads(
  architecture: string,
  tensor: string,
  { heads, kvHeads }: HeadCounts,
): number | undefined {
  if (architecture !== "llama") {
    return undefined;
  }
  if (tensor.endsWith(".attn_q.weight")) {
    return heads;
  }
  return tensor.endsWith(".attn_k.weight") ? kvHeads : undefined;
}
