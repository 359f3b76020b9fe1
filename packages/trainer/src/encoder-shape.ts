import type { ModelTensors } from "@fuzzc/llama";
import { FuzzError } from "@fuzzc/program";
import type { HeadShape } from "./attention.ts";
import type { Module } from "./base-shape.ts";

/** The numbers of a sentence encoder that its computation depends on. */
export interface EncoderShape extends HeadShape {
  layerCount: number;
  /** Numbers in one hidden state, and in a vector. */
  size: number;
  /** Numbers inside a feed-forward step. */
  wideSize: number;
  epsilon: number;
}

/** The weights of one layer that an adapter changes, by the engine's names. */
export const encoderModules = [
  "attn_q",
  "attn_k",
  "attn_v",
  "attn_output",
  "ffn_up",
  "ffn_down",
] as const satisfies readonly Module[];
export type EncoderModule = (typeof encoderModules)[number];

/**
 * Reads what an encoder's file says about its shape; the engine has checked that its tensors have it.
 * @throws FuzzError FUZZ_MODEL_UNSUPPORTED unless it is a BERT.
 */
export function readEncoderShape({ metadata }: ModelTensors): EncoderShape {
  const architecture = metadata.get("general.architecture");
  if (architecture !== "bert") {
    throw new FuzzError(`A model of the architecture ${String(architecture)} is no encoder`, {
      code: "FUZZ_MODEL_UNSUPPORTED",
      hint: "Label functions are trained on encoders of the architecture bert.",
    });
  }
  const number = (key: string) => Number(metadata.get(`bert.${key}`));
  const size = number("embedding_length");
  const heads = number("attention.head_count");
  return {
    layerCount: number("block_count"),
    size,
    wideSize: number("feed_forward_length"),
    heads,
    kvHeads: heads,
    headSize: size / heads,
    epsilon: number("attention.layer_norm_epsilon"),
  };
}

/** [row length, rows] of a module's weight: what goes in, and what comes out. */
export function encoderModuleShape(
  { size, wideSize }: EncoderShape,
  module: EncoderModule,
): [number, number] {
  return [module === "ffn_down" ? wideSize : size, module === "ffn_up" ? wideSize : size];
}
