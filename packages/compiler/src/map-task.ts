import type { Interpreter } from "@fuzzc/interpreter";
import { FuzzError } from "@fuzzc/program";
import { compilePrompt, poolFeatures } from "./features.ts";
import type { Compiler } from "./load-compiler.ts";
import { mapFeatures } from "./map-features.ts";

/** The base model as the compiler's backbone; an `Interpreter` is one. */
export type Backbone = Pick<Interpreter, "model" | "hiddenStates">;

/**
 * One forward pass of the base over the task text, then the mapper.
 *
 * @returns features and coefficients, both float32; see `mapFeatures` for their layout
 * @throws FuzzError FUZZ_COMPILER_MISMATCH, and what `Context.hiddenStates` throws
 */
export async function mapTask(
  task: string,
  { manifest, weights }: Compiler,
  backbone: Backbone,
  signal?: AbortSignal,
): Promise<{ features: Float32Array; coefficients: Float32Array }> {
  const { model } = backbone;
  if (model.architecture !== manifest.architecture || !hasLayers(manifest, model.layerCount)) {
    throw new FuzzError(
      `The compiler ${manifest.name} was made for a ${manifest.architecture} base, ${manifest.base.name}; this model is ${model.architecture} with ${model.layerCount} layers`,
      { code: "FUZZ_COMPILER_MISMATCH", hint: `Use the base model ${manifest.base.name}.` },
    );
  }
  const { tokens, from, to } = compilePrompt(model, task);
  const { positions, layers, combine } = manifest.features;
  const states = await backbone.hiddenStates(tokens, layers, signal ? { signal } : {});
  const span = positions === "task" ? { from, to } : { from: to - positions.last, to };
  const features = poolFeatures(states, model.embeddingSize, span, combine);
  return { features, coefficients: mapFeatures(features, weights) };
}

function hasLayers({ adapter, features }: Compiler["manifest"], count: number): boolean {
  return [...adapter.layers, ...features.layers].every((layer) => layer < count);
}
