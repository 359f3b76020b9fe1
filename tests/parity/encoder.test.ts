import { readFileSync } from "node:fs";
import { loadEngine, testEncoderPath } from "@fuzzc/llama";
import { expect, test } from "vitest";

/** Made by training/fuzzc_training/encoder_reference.py. */
const { sentences } = JSON.parse(
  readFileSync(new URL("encoder.json", import.meta.url), "utf8"),
) as { sentences: { sentence: string; tokens: number[]; vector: number[] }[] };

const dot = (a: Float32Array, b: ArrayLike<number>) =>
  a.reduce((sum, value, index) => sum + value * (b[index] as number), 0);

test("the encoder gives the tokens and vectors of PyTorch, alone and batched", async () => {
  await using encoder = await loadEngine().openEncoder(testEncoderPath());
  const tokens = sentences.map(({ sentence }) => encoder.tokenize(sentence));
  expect(tokens.map((ids) => [...ids])).toEqual(sentences.map((one) => one.tokens));
  const together = await encoder.encode(tokens);
  for (const [index, { vector }] of sentences.entries()) {
    const [alone] = await encoder.encode([tokens[index] as Int32Array]);
    expect(dot(alone as Float32Array, vector)).toBeGreaterThan(0.999);
    expect(dot(together[index] as Float32Array, vector)).toBeGreaterThan(0.999);
  }
});
