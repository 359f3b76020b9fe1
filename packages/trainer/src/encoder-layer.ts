import type { Tensor } from "@fuzzc/llama";
import { attend } from "./attention.ts";
import type { EncoderModule, EncoderShape } from "./encoder-shape.ts";
import type { FrozenWeight, LoraPair, Tape } from "./tape.ts";

/** What is multiplied with a centred state of spread 1, and then added to it. */
export interface NormWeights {
  weight: Tensor;
  bias: Tensor;
  /** See `Tape.centre`. */
  mean: Tensor;
}

/** The weights of one layer of an encoder. */
export interface EncoderLayerWeights {
  attentionNorm: NormWeights;
  outputNorm: NormWeights;
  modules: Record<EncoderModule, FrozenWeight & { bias: Tensor }>;
  /** Absent in a frozen layer. */
  lora?: Record<EncoderModule, LoraPair>;
}

/** One block of BERT. x: size x T; mask: T x T. Source: Devlin et al., arXiv 1810.04805. */
export function runEncoderLayer(
  tape: Tape,
  shape: EncoderShape,
  mask: Tensor,
  x: Tensor,
  { attentionNorm, outputNorm, modules, lora }: EncoderLayerWeights,
): Tensor {
  const linear = (input: Tensor, module: EncoderModule) =>
    tape.add(tape.linear(input, modules[module], lora?.[module]), modules[module].bias);

  const seen = attend(
    tape,
    shape,
    { mask },
    linear(x, "attn_q"),
    linear(x, "attn_k"),
    linear(x, "attn_v"),
  );
  const middle = normalise(tape, shape, tape.add(x, linear(seen, "attn_output")), attentionNorm);
  const wide = tape.gelu(linear(middle, "ffn_up"));
  return normalise(tape, shape, tape.add(middle, linear(wide, "ffn_down")), outputNorm);
}

/** Layer norm: RMS norm of the centred states. */
export function normalise(
  tape: Tape,
  { epsilon }: EncoderShape,
  x: Tensor,
  { weight, bias, mean }: NormWeights,
): Tensor {
  return tape.add(tape.norm(tape.centre(x, mean), weight, epsilon), bias);
}
