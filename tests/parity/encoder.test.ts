import { readFileSync } from "node:fs";
import { ensureEncoder } from "@fuzzc/interpreter";
import { loadEngine } from "@fuzzc/llama";
import { expect, test } from "vitest";

interface Reference {
  sentences: { sentence: string; tokens: number[]; vector: number[] }[];
}

const dot = (a: Float32Array, b: ArrayLike<number>) =>
  a.reduce((sum, value, index) => sum + value * (b[index] as number), 0);

// An encoder may have to be fetched first.
const timeoutMs = 300_000;

/** The references are made by training/fuzzc_training/encoder_reference.py. */
test.each([
  // What all texts share is taken off its vectors, so that the rounding to 8 bits weighs more in what is left.
  ["e5-small-v2", 0.998],
  ["all-minilm-l6-v2", 0.999],
])(
  "%s gives the tokens and vectors of PyTorch, alone and batched",
  async (name, least) => {
    const text = readFileSync(new URL(`${name}.json`, import.meta.url), "utf8");
    const { sentences } = JSON.parse(text) as Reference;
    await using encoder = await loadEngine().openEncoder((await ensureEncoder(name)).path);
    const tokens = sentences.map(({ sentence }) => encoder.tokenize(sentence));
    expect(tokens.map((ids) => [...ids])).toEqual(sentences.map((one) => one.tokens));
    const together = await encoder.encode(tokens);
    for (const [index, { vector }] of sentences.entries()) {
      const [alone] = await encoder.encode([tokens[index] as Int32Array]);
      expect(dot(alone as Float32Array, vector)).toBeGreaterThan(least);
      expect(dot(together[index] as Float32Array, vector)).toBeGreaterThan(least);
    }
  },
  timeoutMs,
);
