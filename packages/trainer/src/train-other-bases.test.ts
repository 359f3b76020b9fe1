import { expect, test } from "vitest";
import { engineLoss } from "./engine-loss.fixture.ts";
import { writeTinyBase } from "./tiny-base.fixture.ts";
import { trainAdapter } from "./train-adapter.ts";

const plain = { form: "plain-1" as const, begin: "<|begin|>", end: "<|end|>" };
const examples = ["one", "two", "six", "ten"].map((input) => ({ input, output: "ok" }));
const heldBack = [{ input: "two six", output: "ok" }];

test.each([
  { architecture: "qwen3", chat: true },
  { architecture: "qwen3", chat: false },
  { architecture: "qwen2", chat: false },
  { architecture: "llama", chat: false },
  { architecture: "llama", chat: true, factors: true },
] as const)("trains on $architecture as the engine runs it, ChatML: $chat", async (base) => {
  const modelPath = writeTinyBase(base);
  const task = { task: "Say ok.", examples: [], ...(!base.chat && { plain }) };
  const { adapter, before, after } = await trainAdapter({
    modelPath,
    task,
    examples,
    heldBack,
    steps: 60,
  });
  expect(after!.loss).toBeLessThan(before!.loss / 2);
  const loss = await engineLoss(modelPath, adapter, task, heldBack[0]!);
  // Weights and states are rounded to BF16 here and to F16 there.
  expect(Math.abs(loss - after!.loss)).toBeLessThan(0.02 * (1 + after!.loss));
});

test("refuses a base that it can't compute, and says which it can", async () => {
  const modelPath = writeTinyBase({ stretched: true });
  const task = { task: "Say ok.", examples: [] };
  await expect(trainAdapter({ modelPath, task, examples })).rejects.toMatchObject({
    code: "FUZZ_MODEL_UNSUPPORTED",
    hint: expect.stringContaining("llama, qwen2, qwen3"),
  });
});
