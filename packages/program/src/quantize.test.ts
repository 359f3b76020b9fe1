import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { dequantize } from "./dequantize.ts";
import { FuzzError } from "./errors.ts";
import { quantize } from "./quantize.ts";
import type { TensorType } from "./tensor-type.ts";

// SHA-256 of what the Python package gguf 0.19.0 makes of `spread(65_536)`: quantize, then dequantize.
const reference: Record<TensorType, [string, string]> = {
  F32: [
    "4ca527d73ac88d891b18fa5eb1fda6d193e474c9ceeec288b171ce27c8a3dd95",
    "4ca527d73ac88d891b18fa5eb1fda6d193e474c9ceeec288b171ce27c8a3dd95",
  ],
  F16: [
    "5860f204af150ade31ab06c3f3faf68a24ea272656aaf41cfa2291a86398fc2a",
    "69623e386ffed4a040a48335565e66610254d246e00c25d79fec04a1971c691d",
  ],
  Q8_0: [
    "bb2afed32c37fd76475561f1e3be1e68663760d80eecc0ab55303267f77cf155",
    "97b1bd93ace3bbff402e14bffb3172e6e7f7c930ce81b3f2ff3a81f089249a0a",
  ],
  Q4_0: [
    "07fed462e64fca07499eb76916d6ac105a657592851b44368143992eb9494a17",
    "65cc8c91be41f0846ed544cf74e1ba8689e66fd3174e41daa468d28a93dc23dd",
  ],
};
const types = Object.keys(reference) as TensorType[];

test.each(types)("%s has the bytes and the values of the reference", (type) => {
  const data = quantize(spread(65_536), type, 128);
  const values = dequantize({ type, data });
  expect([sha256(data), sha256(new Uint8Array(values.buffer))]).toEqual(reference[type]);
});

test.each(types)("%s stays within its step of any finite values", (type) => {
  const number = fc.float({ min: -1000, max: 1000, noNaN: true });
  fc.assert(
    fc.property(fc.array(number, { minLength: 64, maxLength: 64 }), (list) => {
      const values = Float32Array.from(list);
      const back = dequantize({ type, data: quantize(values, type, 32) });
      for (const [i, value] of values.entries()) {
        const block = values.subarray(i - (i % 32), i - (i % 32) + 32);
        const magnitude = Math.max(...block.map(Math.abs));
        const step = { F32: 0, F16: 2 ** -11, Q8_0: 1 / 254 + 2 ** -11, Q4_0: 1 / 8 }[type];
        expect(Math.abs((back[i] as number) - value)).toBeLessThanOrEqual(magnitude * step + 1e-5);
      }
    }),
  );
});

test("blocks of zeros keep ggml's negative zero as the scale of Q4_0", () => {
  const zeros = new Float32Array(32).fill(-0);
  expect(quantize(zeros, "Q4_0", 32).subarray(0, 3)).toEqual(Uint8Array.of(0x00, 0x80, 0x88));
  expect(quantize(zeros, "Q8_0", 32)).toEqual(new Uint8Array(34));
});

test("values far below float16 become zero, whatever their inverse", () => {
  for (const type of ["Q8_0", "Q4_0"] as const) {
    const values = dequantize({ type, data: quantize(new Float32Array(32).fill(1e-44), type, 32) });
    expect(values.every((value) => value === 0)).toBe(true);
  }
});

test.each(types)("%s refuses what it can't hold", (type) => {
  for (const bad of [Number.NaN, Infinity, -Infinity]) {
    const values = new Float32Array(32).fill(1);
    values[7] = bad;
    expect(() => quantize(values, type, 32)).toThrow(
      expect.objectContaining({ code: "FUZZ_TENSOR_NOT_FINITE" }),
    );
  }
  for (const rowLength of [0, -32, 1.5, 48, Number.NaN]) {
    expect(() => quantize(new Float32Array(64), type, rowLength)).toThrow(FuzzError);
  }
});

test("a scale beyond float16 is refused", () => {
  for (const type of ["F16", "Q8_0", "Q4_0"] as const) {
    expect(() => quantize(new Float32Array(32).fill(1e30), type, 32)).toThrow(FuzzError);
  }
});

test("rows that don't divide into blocks are refused by the quantised types only", () => {
  expect(() => quantize(new Float32Array(48), "Q8_0", 16)).toThrow(FuzzError);
  expect(quantize(new Float32Array(48), "F16", 16)).toHaveLength(96);
});

test("data that are not whole blocks are refused", () => {
  for (const type of types) {
    expect(() => dequantize({ type, data: new Uint8Array(33) })).toThrow(FuzzError);
  }
});

/** Values from xorshift32, each block of 32 at another magnitude, 2^-30 to 2^10. */
function spread(count: number): Float32Array {
  let state = 0x9e3779b9;
  const next = () => {
    state = (state ^ (state << 13)) >>> 0;
    state ^= state >>> 17;
    state = (state ^ (state << 5)) >>> 0;
    return state;
  };
  let scale = 1;
  return Float32Array.from({ length: count }, (_, i) => {
    if (i % 32 === 0) {
      scale = 2 ** ((next() % 41) - 30);
    }
    return (next() / 2 ** 32 - 0.5) * scale;
  });
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
