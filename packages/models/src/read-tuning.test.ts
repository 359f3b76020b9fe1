import { readGguf, type TensorType, writeAdapter, writeGguf } from "@fuzzc/program";
import { describe, expect, test } from "vitest";
import { type BaseModel, catalogue, defaultEncoder, findBaseModel } from "./catalogue.ts";
import { modelKey } from "./model-key.ts";
import { parseTuning, readTuning } from "./read-tuning.ts";

const encoder = findBaseModel(defaultEncoder) as BaseModel & Required<Pick<BaseModel, "tuning">>;

test("the tuning of the encoder comes with the package", async () => {
  const tuning = await readTuning(encoder);
  expect(tuning?.adapter).toMatchObject({ architecture: "bert", rank: 16, alpha: 16 });
  expect(await readTuning(catalogue[0] as BaseModel)).toBeUndefined();
});

test.each([
  ["another file", { sha256: "0".repeat(64) }],
  ["no file", { file: "nowhere.gguf" }],
])("%s is refused", async (_, change) => {
  const changed = { ...encoder, tuning: { ...encoder.tuning, ...change } };
  await expect(readTuning(changed)).rejects.toMatchObject({ code: "FUZZ_TUNING_INVALID" });
});

describe("a tuning with a vector besides its adapter", () => {
  const name = "blk.11.layer_output_norm.bias";
  const write = (type: TensorType, shape: number[], data: Uint8Array) => {
    const layer = {
      a: new Float32Array(32).fill(1),
      b: new Float32Array(32).fill(2),
      dIn: 32,
      dOut: 32,
    };
    const layers = new Map([["blk.0.attn_q.weight", layer]]);
    const adapter = { architecture: "bert", rank: 1, alpha: 1, layers };
    const { metadata, tensors } = readGguf(
      writeAdapter(adapter, { type: "F32", headCounts: { heads: 1, kvHeads: 1 } }),
    );
    return writeGguf({ metadata, tensors: [...tensors, { name, type, shape, data }] });
  };

  test("is read with it", () => {
    const values = Float32Array.of(1, -2, 0.5);
    const tuning = parseTuning(write("F32", [3], new Uint8Array(values.buffer)));
    expect([...tuning.adapter.layers.keys()]).toEqual(["blk.0.attn_q.weight"]);
    expect(tuning.added).toEqual(new Map([[name, values]]));
  });

  test.each<[string, TensorType, number[], number]>([
    ["a matrix", "F32", [2, 2], 16],
    ["half precision", "F16", [2], 4],
  ])("%s is refused in its place", (_, type, shape, sizeBytes) => {
    expect(() => parseTuning(write(type, shape, new Uint8Array(sizeBytes)))).toThrow(
      expect.objectContaining({ code: "FUZZ_ADAPTER_INVALID" }),
    );
  });
});

test("a model with another adapter has another key", () => {
  const changed = { ...encoder, tuning: { ...encoder.tuning, sha256: "0".repeat(64) } };
  const { tuning: _, ...bare } = encoder;
  expect(new Set([modelKey(encoder), modelKey(changed), modelKey(bare)]).size).toBe(3);
  expect(modelKey(bare)).toBe(bare.sha256);
});
