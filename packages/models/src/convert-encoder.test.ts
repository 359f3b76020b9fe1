import { dequantize, readGguf } from "@fuzzc/program";
import { describe, expect, test } from "vitest";
import { convertEncoder } from "./convert-encoder.ts";
import type { SafeTensor } from "./read-safetensors.ts";
import type { Tuning } from "./read-tuning.ts";

const tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "hello", "##ing", "[unused0]"];
const shape = { heads: 2, layerNormEpsilon: 1e-12 };

function tensor(shape: number[]): SafeTensor {
  const length = shape.reduce((product, size) => product * size, 1);
  const values = Float32Array.from({ length }, (_, index) => Math.sin(index));
  return { dtype: "F32", shape, data: new Uint8Array(values.buffer) };
}

/** One layer of 32 numbers. */
const weights = (): Record<string, SafeTensor> => ({
  "embeddings.position_ids": { dtype: "I64", shape: [1, 4], data: new Uint8Array(32) },
  "embeddings.word_embeddings.weight": tensor([tokens.length, 32]),
  "embeddings.position_embeddings.weight": tensor([4, 32]),
  "embeddings.token_type_embeddings.weight": tensor([2, 32]),
  "embeddings.LayerNorm.weight": tensor([32]),
  "encoder.layer.0.intermediate.dense.weight": tensor([64, 32]),
  "encoder.layer.0.intermediate.dense.bias": tensor([64]),
  "pooler.dense.weight": tensor([32, 32]),
});

const mapOf = (tensors: Record<string, SafeTensor>) => new Map(Object.entries(tensors));
const convert = (tuning?: Tuning) => convertEncoder(mapOf(weights()), tokens, shape, tuning);

describe("convertEncoder", () => {
  test("names and stores the tensors as the engine wants them, and leaves out what it does not run", () => {
    const { tensors } = readGguf(convert());
    expect(tensors.map(({ name, type, shape }) => [name, type, ...shape])).toEqual([
      ["token_embd.weight", "Q8_0", 32, 8],
      ["position_embd.weight", "F32", 32, 4],
      ["token_types.weight", "F32", 32, 2],
      ["token_embd_norm.weight", "F32", 32],
      ["blk.0.ffn_up.weight", "Q8_0", 32, 64],
      ["blk.0.ffn_up.bias", "F32", 64],
    ]);
    const up = dequantize(tensors[4]!);
    expect(up.every((value, index) => Math.abs(value - Math.sin(index)) < 0.01)).toBe(true);
  });

  test("describes the model, and marks where words begin instead of where they go on", () => {
    const { metadata } = readGguf(convert());
    const value = (key: string) => metadata.get(key)?.value;
    expect(value("general.architecture")).toBe("bert");
    expect(value("bert.block_count")).toBe(1);
    expect(value("bert.context_length")).toBe(4);
    expect(value("bert.feed_forward_length")).toBe(64);
    expect(value("tokenizer.ggml.tokens")).toEqual([
      ...tokens.slice(0, 5),
      "\u2581hello",
      "ing",
      "\u2581[unused0]",
    ]);
    expect(value("tokenizer.ggml.bos_token_id")).toBe(2);
    expect(value("tokenizer.ggml.seperator_token_id")).toBe(3);
  });

  test("the same files give the same bytes", () => {
    expect(convert()).toEqual(convert());
  });

  test("names what stands before every text, where there is something", () => {
    const read = (prefix?: string) => {
      const given = { ...shape, ...(prefix === undefined ? {} : { prefix }) };
      return readGguf(convertEncoder(mapOf(weights()), tokens, given)).metadata;
    };
    expect(read("query: ").get("fuzzc.encoder.prefix")).toEqual({
      type: "string",
      value: "query: ",
    });
    expect(read().has("fuzzc.encoder.prefix")).toBe(false);
  });

  test("merges a tuning, and refuses one for another model", () => {
    const tuning = (matrix: string, vector: string, length = 32): Tuning => ({
      adapter: {
        architecture: "bert",
        rank: 1,
        alpha: 1,
        layers: new Map([
          [
            matrix,
            { a: new Float32Array(32).fill(2), b: new Float32Array(64).fill(3), dIn: 32, dOut: 64 },
          ],
        ]),
      },
      added: new Map([[vector, new Float32Array(length).fill(0.5)]]),
    });
    const [matrix, vector] = ["blk.0.ffn_up.weight", "token_embd_norm.weight"];
    const { tensors } = readGguf(convert(tuning(matrix, vector)));
    const change = (wanted: string) =>
      dequantize(tensors.find(({ name }) => name === wanted)!).map(
        (value, index) => value - Math.sin(index),
      );
    expect(change(matrix).every((value) => Math.abs(value - 6) < 0.05)).toBe(true);
    expect(change(vector).every((value) => Math.abs(value - 0.5) < 1e-6)).toBe(true);
    for (const [stray, code] of [
      [tuning("blk.7.ffn_up.weight", vector), "FUZZ_ENCODER_INVALID"],
      [tuning(matrix, "blk.7.ffn_up.bias"), "FUZZ_ENCODER_INVALID"],
      [tuning(matrix, vector, 31), "FUZZ_ADAPTER_INVALID"],
    ] as const) {
      expect(() => convert(stray)).toThrow(expect.objectContaining({ code }));
    }
  });

  test.each<[string, Record<string, SafeTensor | undefined>, string[]]>([
    ["another type", { "embeddings.LayerNorm.weight": { ...tensor([32]), dtype: "I32" } }, tokens],
    ["no layer", { "encoder.layer.0.intermediate.dense.weight": undefined }, tokens],
    ["another vocabulary", {}, tokens.slice(1)],
    ["a vocabulary without an end", {}, tokens.map((token) => token.replace("[SEP]", "x"))],
  ])("%s is refused", (_, changes, words) => {
    const changed = Object.entries({ ...weights(), ...changes }).filter(
      (entry): entry is [string, SafeTensor] => entry[1] !== undefined,
    );
    expect(() => convertEncoder(new Map(changed), words, shape)).toThrow(
      expect.objectContaining({ code: "FUZZ_ENCODER_INVALID" }),
    );
  });
});
