import { testModelPath } from "@fuzzc/llama";
import { expect, it } from "vitest";
import { ensureBaseModel } from "./ensure-base-model.ts";

it("takes a file that is quantised already as it is", async () => {
  const model = await ensureBaseModel(testModelPath(), { offline: true });
  expect(model).toMatchObject({ path: testModelPath(), quantisation: "Q8_0" });
  expect(model.sourceSha256).toMatch(/^[0-9a-f]{64}$/);
});

it("says which base models there are", async () => {
  await expect(ensureBaseModel("unknown", { offline: true })).rejects.toMatchObject({
    code: "FUZZ_UNKNOWN_MODEL",
  });
});
