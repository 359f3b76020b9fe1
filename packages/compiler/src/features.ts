import type { Model } from "@fuzzc/llama";
import type { CompilerManifest } from "@fuzzc/program";

/** The part of the prompt that the compiler reads: the system turn up to the end of the task. */
export interface CompilePrompt {
  tokens: Int32Array;
  /** Positions whose hidden states count: the task's own tokens. */
  from: number;
  to: number;
}

/** Tokens of `<|im_start|>system\n{task}`; what follows can't change their hidden states. */
export function compilePrompt(model: Model, task: string): CompilePrompt {
  const text = model.tokenize(`system\n${task}`, { special: false });
  const tokens = new Int32Array(text.length + 1);
  tokens[0] = model.specialToken("<|im_start|>");
  tokens.set(text, 1);
  return { tokens, from: 1, to: tokens.length };
}

/**
 * Hidden states to features: the mean over positions of each layer, joined ("concat") or averaged
 * over the layers ("mean", as in the official compilers).
 *
 * @param states for each feature layer T × size numbers
 * @returns layers · size numbers for "concat", size for "mean"
 */
export function poolFeatures(
  states: readonly Float32Array[],
  size: number,
  { from, to }: { from: number; to: number },
  combine: CompilerManifest["features"]["combine"],
): Float32Array {
  const means = states.map((state) => {
    const mean = new Float64Array(size);
    for (let position = from; position < to; position++) {
      for (let index = 0; index < size; index++) {
        mean[index]! += state[position * size + index]! / (to - from);
      }
    }
    return mean;
  });
  if (combine === "concat") {
    return Float32Array.from(means.flatMap((mean) => [...mean]));
  }
  return Float32Array.from({ length: size }, (_, index) =>
    means.reduce((sum, mean) => sum + mean[index]! / means.length, 0),
  );
}
