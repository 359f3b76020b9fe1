import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { fromFloat16Bits, toFloat16Bits } from "./float16.ts";

test("every pattern but NaN survives the way through float32", () => {
  for (let pattern = 0; pattern < 65_536; pattern++) {
    const value = fromFloat16Bits(pattern);
    if (!Number.isNaN(value)) {
      expect(toFloat16Bits(value)).toBe(pattern);
    }
  }
  expect(fromFloat16Bits(toFloat16Bits(Number.NaN))).toBeNaN();
});

test("rounding is numpy's at every value, midpoint and float32 beside a midpoint", () => {
  const positive = Array.from({ length: 0x7c00 }, (_, i) => fromFloat16Bits(i));
  const midpoints = positive.slice(1).map((value, i) => (value + (positive[i] as number)) / 2);
  const values = [
    ...positive,
    ...midpoints,
    ...midpoints.map((value) => neighbour(value, 1)),
    ...midpoints.map((value) => neighbour(value, -1)),
  ];
  const patterns = Uint16Array.from([...values, ...values.map((value) => -value)], toFloat16Bits);
  // numpy: concatenate([values, -values]).astype(float16)
  expect(sha256(patterns)).toBe("2ff71990ba38ac9ff177cca72668f3b792298b33fcfaa5e691c3c118b0a46018");
});

test("what is too large gives infinity", () => {
  expect(toFloat16Bits(65_519)).toBe(0x7bff);
  expect(toFloat16Bits(65_520)).toBe(0x7c00);
  expect(toFloat16Bits(-1e30)).toBe(0xfc00);
});

test("the error is at most half a unit in the last place", () => {
  fc.assert(
    fc.property(fc.float({ min: -65_504, max: 65_504, noNaN: true }), (value) => {
      const unit = 2 ** Math.max(-24, Math.floor(Math.log2(Math.abs(value) || 1)) - 10);
      expect(Math.abs(fromFloat16Bits(toFloat16Bits(value)) - value)).toBeLessThanOrEqual(unit / 2);
    }),
  );
});

function neighbour(value: number, step: number): number {
  const floats = Float32Array.of(value);
  const bits = new Uint32Array(floats.buffer);
  bits[0] = (bits[0] as number) + step;
  return floats[0] as number;
}

function sha256(values: Uint16Array): string {
  return createHash("sha256").update(new Uint8Array(values.buffer)).digest("hex");
}
