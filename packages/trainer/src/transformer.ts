import type { Tensor } from "@fuzzc/llama";
import { attend, type RowInputs } from "./attention.ts";
import type { BaseShape, Module } from "./base-shape.ts";
import type { FrozenWeight, LoraPair, Tape } from "./tape.ts";

/** A weight, and what is added to its product where the architecture (qwen2) has it. */
export interface BiasedWeight extends FrozenWeight {
  bias: Tensor | undefined;
}

/** The weights of one layer. */
export interface LayerWeights {
  attentionNorm: Tensor;
  feedForwardNorm: Tensor;
  /** Of the numbers of each head, where the architecture (qwen3) has them. */
  queryNorm: Tensor | undefined;
  keyNorm: Tensor | undefined;
  modules: Record<Module, BiasedWeight>;
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
  const linear = (input: Tensor, module: Module) => {
    const { bias } = layer.modules[module];
    const result = tape.linear(input, layer.modules[module], layer.lora?.[module]);
    return bias === undefined ? result : tape.add(result, bias);
  };

  const h = tape.norm(x, layer.attentionNorm, shape.epsilon);
  const seen = attend(
    tape,
    shape,
    row,
    normHeads(tape, shape, linear(h, "attn_q"), layer.queryNorm),
    normHeads(tape, shape, linear(h, "attn_k"), layer.keyNorm),
    linear(h, "attn_v"),
  );
  const middle = tape.add(x, linear(seen, "attn_output"));
  const f = tape.norm(middle, layer.feedForwardNorm, shape.epsilon);
  const gated = tape.gatedSilu(linear(f, "ffn_gate"), linear(f, "ffn_up"));
  return tape.add(middle, linear(gated, "ffn_down"));
}

/** RMS norm of each head on its own. x: (heads · headSize) x T. */
function normHeads(
  tape: Tape,
  { headSize, epsilon }: BaseShape,
  x: Tensor,
  weight: Tensor | undefined,
): Tensor {
  if (weight === undefined) {
    return x;
  }
  const [length, count] = x.shape;
  const heads = tape.reshape(x, [headSize, (length / headSize) * count]);
  return tape.reshape(tape.norm(heads, weight, epsilon), [length, count]);
}
