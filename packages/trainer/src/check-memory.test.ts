import { expect, test } from "vitest";
import { checkMemory } from "./check-memory.ts";

const tensors = new Map([
  ["token_embd.weight", { type: 0, shape: [8, 100] }],
  ["blk.0.attn_q.weight", { type: 0, shape: [8, 8] }],
  ["blk.1.attn_q.weight", { type: 0, shape: [8, 8] }],
  ["blk.10.attn_q.weight", { type: 0, shape: [8, 8] }],
]);
const shape = { vocabularySize: 100, size: 8 };

test("counts the head and the trained layers, both ways in BF16", () => {
  const neededBytes = 4 * (800 + 2 * 64);
  expect(() => checkMemory({ tensors }, shape, 1, neededBytes)).not.toThrow();
  expect(() => checkMemory({ tensors }, shape, 1, neededBytes - 1)).toThrow(
    expect.objectContaining({ code: "FUZZ_OUT_OF_MEMORY", kind: "resource" }),
  );
  expect(() => checkMemory({ tensors }, shape, 2, neededBytes - 1)).not.toThrow();
});
