import { FuzzError } from "@fuzzc/program";
import { invalidModel } from "./check-architecture.ts";
import type { GgufHeader } from "./read-gguf-header.ts";

/**
 * Checks the vocabulary of a model file.
 * @throws FuzzError FUZZ_MODEL_UNSUPPORTED, FUZZ_MODEL_INVALID
 */
export function checkVocabulary({ metadata, tensors }: GgufHeader, path: string): void {
  // The engine throws through C, ending the process, when the other kinds can't spell a byte.
  const kind = metadata.get("tokenizer.ggml.model");
  if (kind !== "gpt2") {
    throw new FuzzError(`${path} has a ${String(kind)} tokenizer, which fuzzc does not run`, {
      code: "FUZZ_MODEL_UNSUPPORTED",
      hint: 'Use a base model with a byte-level BPE tokenizer ("gpt2").',
    });
  }
  const tokens = metadata.get("tokenizer.ggml.tokens");
  const texts = typeof tokens === "object" ? tokens.texts : undefined;
  if (texts === undefined || texts.length === 0) {
    throw invalidModel(path, "it holds no vocabulary");
  }
  // The engine asserts that no token appears twice; it reads each as a C string and names the empty ones itself.
  const spellings = texts.map((text, index) => text.split("\0", 1)[0] || `[EMPTY_${index}]`);
  if (new Set(spellings).size !== spellings.length) {
    throw invalidModel(path, "its vocabulary holds a token twice");
  }
  const embeddings = tensors.get("token_embd.weight")?.shape;
  if (embeddings?.[1] !== texts.length) {
    throw invalidModel(path, `${texts.length} tokens, but embeddings for ${embeddings?.[1] ?? 0}`);
  }
}
