import { expect, test } from "vitest";
import { type BaseModel, catalogue, defaultEncoder, findBaseModel } from "./catalogue.ts";
import { modelKey } from "./model-key.ts";
import { readTuning } from "./read-tuning.ts";

const encoder = findBaseModel(defaultEncoder) as BaseModel & Required<Pick<BaseModel, "tuning">>;

test("the adapter of the encoder comes with the package", async () => {
  const adapter = await readTuning(encoder);
  expect(adapter).toMatchObject({ architecture: "bert", rank: 16, alpha: 16 });
  expect(await readTuning(catalogue[0] as BaseModel)).toBeUndefined();
});

test.each([
  ["another file", { sha256: "0".repeat(64) }],
  ["no file", { file: "nowhere.gguf" }],
])("%s is refused", async (_, change) => {
  const changed = { ...encoder, tuning: { ...encoder.tuning, ...change } };
  await expect(readTuning(changed)).rejects.toMatchObject({ code: "FUZZ_TUNING_INVALID" });
});

test("a model with another adapter has another key", () => {
  const changed = { ...encoder, tuning: { ...encoder.tuning, sha256: "0".repeat(64) } };
  const { tuning: _, ...bare } = encoder;
  expect(new Set([modelKey(encoder), modelKey(changed), modelKey(bare)]).size).toBe(3);
  expect(modelKey(bare)).toBe(bare.sha256);
});
