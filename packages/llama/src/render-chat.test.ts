import { type GgufValue, writeGguf } from "@fuzzc/program";
import { describe, expect, test } from "vitest";
import { loadEngine } from "./load-engine.ts";
import { testModelPath } from "./test-model.ts";
import { makeTinyModel, writeTemporary } from "./tiny-model.fixture.ts";

const engine = loadEngine();

async function renderTiny(metadata: Record<string, GgufValue>): Promise<string> {
  const tiny = makeTinyModel();
  for (const [key, value] of Object.entries(metadata)) {
    tiny.metadata.set(key, value);
  }
  await using model = await engine.openModel(writeTemporary(writeGguf(tiny)));
  return model.renderChat([{ role: "user", content: "héllo" }]);
}

describe("renderChat", () => {
  test("writes a chat as the model's template has it", async () => {
    await using model = await engine.openModel(testModelPath());
    expect(
      model.renderChat([
        { role: "system", content: "Be brief." },
        { role: "user", content: "x".repeat(10_000) },
      ]),
    ).toBe(
      `<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\n${"x".repeat(10_000)}<|im_end|>\n<|im_start|>assistant\n`,
    );
  });

  test("refuses a file without a template, and a template that nobody knows", async () => {
    const unsupported = { code: "FUZZ_TEMPLATE_UNSUPPORTED" };
    await expect(renderTiny({})).rejects.toMatchObject(unsupported);
    await expect(
      renderTiny({ "tokenizer.chat_template": { type: "string", value: "{{ messages }}" } }),
    ).rejects.toMatchObject(unsupported);
  });
});
