import type { Tensor } from "@fuzzc/llama";
import { attend, type RowInputs } from "./attention.ts";
import type { BaseShape, Module } from "./base-shape.ts";
import type { FrozenWeight, LoraPair, Tape } from "./tape.ts";

/** The weights of one layer. */
export interface LayerWeights {
  attentionNorm: Tensor;
  feedForwardNorm: Tensor;
  modules: Record<Module, FrozenWeight>;
  /** Absent in a frozen layer. */
  lora?: Record<Module, LoraPair>;
}

/** One transformer block. x: size x T. */
export function runLayer(
  tape: Tape,
  shape: BaseShape,
  row: RowInputs,
  x: Tensor,
  layer: LayerWeights,
): Tensor {
  const linear = (input: Tensor, module: Module) =>
    tape.linear(input, layer.modules[module], layer.lora?.[module]);

  const h = tape.norm(x, layer.attentionNorm, shape.epsilon);
  const seen = attend(
    tape,
    shape,
    row,
    linear(h, "attn_q"),
    linear(h, "attn_k"),
    linear(h, "attn_v"),
  );
  const middle = tape.add(x, linear(seen, "attn_output"));
  const f = tape.norm(middle, layer.feedForwardNorm, shape.epsilon);
  const gated = tape.gatedSilu(linear(f, "ffn_gate"), linear(f, "ffn_up"));
  return tape.add(middle, linear(gated, "ffn_down"));
}
