import type { Adapter } from "@fuzzc/program";
import { expect, test } from "vitest";
import { mergeAdapter } from "./merge-adapter.ts";

const adapter: Adapter = {
  architecture: "bert",
  rank: 2,
  alpha: 4,
  layers: new Map([
    [
      "blk.0.ffn_up.weight",
      {
        a: Float32Array.of(1, 2, 3, 0, 1, 0),
        b: Float32Array.of(1, 0, 0, 5),
        dIn: 3,
        dOut: 2,
      },
    ],
  ]),
};

test("adds alpha / rank times B A", () => {
  const merged = mergeAdapter("blk.0.ffn_up.weight", new Float32Array(6).fill(100), adapter);
  expect([...merged]).toEqual([102, 104, 106, 100, 110, 100]);
});

test("leaves other matrices as they are, and refuses other sizes", () => {
  const values = new Float32Array(6);
  expect(mergeAdapter("blk.0.ffn_down.weight", values, adapter)).toBe(values);
  expect(() => mergeAdapter("blk.0.ffn_up.weight", new Float32Array(8), adapter)).toThrow(
    expect.objectContaining({ code: "FUZZ_ADAPTER_INVALID" }),
  );
});
