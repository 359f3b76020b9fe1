import { join } from "node:path";
import { loadEngine } from "@fuzzc/llama";
import { type Base, Interpreter } from "./interpreter.ts";
import { PrefixStore } from "./prefix-store.ts";

export interface InterpreterOptions {
  /** A GGUF file, from `ensureBaseModel`. */
  modelPath: string;
  base: Base;
  /** Tokens that fit over all prefixes, inputs and outputs under way; about 23 kB each with SmolLM2-135M. Default 4096. */
  contextSize?: number | undefined;
  /** Prefixes and outputs under way, each label of a label function counting as one. Default 64. */
  sequences?: number | undefined;
  /** Default: one or two, as cores are free. */
  threads?: number | undefined;
  /** Where states of prefixes are saved; without it they live in memory only. */
  cacheFolder?: string | undefined;
  signal?: AbortSignal | undefined;
}

const defaultContextSize = 4096;
const defaultSequences = 64;

/**
 * Opens a base model for programs to run on.
 * @throws FuzzError what `loadEngine`, `Engine.openModel` and `Model.openContext` throw
 */
export async function openInterpreter(options: InterpreterOptions): Promise<Interpreter> {
  const { modelPath, base, cacheFolder, threads, signal } = options;
  const model = await loadEngine().openModel(modelPath, signal ? { signal } : {});
  try {
    const context = await model.openContext({
      contextSize: Math.min(options.contextSize ?? defaultContextSize, model.trainedContextSize),
      sequences: options.sequences ?? defaultSequences,
      ...(threads === undefined ? {} : { threads }),
    });
    const store =
      cacheFolder === undefined ? undefined : new PrefixStore(join(cacheFolder, "prefixes"));
    return new Interpreter(model, base, context, store);
  } catch (error) {
    await model.dispose();
    throw error;
  }
}
