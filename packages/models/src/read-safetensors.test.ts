import { FuzzError } from "@fuzzc/program";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readSafetensors } from "./read-safetensors.ts";
import { writeSafetensors } from "./write-safetensors.fixture.ts";

const float32 = (values: number[], shape = [values.length]) => ({
  dtype: "F32",
  shape,
  data: new Uint8Array(Float32Array.from(values).buffer),
});

test("tensors come with their type, shape and data", () => {
  const tensors = { "a.weight": float32([1, 2, 3, 4, 5, 6], [2, 3]), b: float32([-0.5]) };
  const read = readSafetensors(writeSafetensors(tensors));
  expect([...read.keys()]).toEqual(["a.weight", "b"]);
  expect(read.get("a.weight")).toMatchObject({ dtype: "F32", shape: [2, 3] });
  expect(read.get("a.weight")?.data).toEqual(tensors["a.weight"].data);
  expect(read.get("b")?.data).toEqual(tensors.b.data);
});

test.each([
  ["a type that is not known", { dtype: "F4" }],
  ["a type out of the prototype", { dtype: "toString" }],
  ["a negative length", { shape: [-1] }],
  ["a shape that takes more bytes than it has", { shape: [3] }],
  ["a shape beyond counting", { shape: [2 ** 53] }],
  ["data past the end", { data_offsets: [4, 12] }],
  ["data before the start", { data_offsets: [-8, 0] }],
  ["no data", { data_offsets: undefined }],
])("%s is refused", (_, change) => {
  const bytes = writeSafetensors({ a: float32([1, 2]) }, { a: change });
  expect(() => readSafetensors(bytes)).toThrow(
    expect.objectContaining({ code: "FUZZ_SAFETENSORS_INVALID" }),
  );
});

test("a header that claims to be longer than the file is refused", () => {
  const bytes = writeSafetensors({ a: float32([1]) });
  new DataView(bytes.buffer).setBigUint64(0, 2n ** 63n, true);
  expect(() => readSafetensors(bytes)).toThrow(FuzzError);
});

test("any bytes give tensors or a FuzzError", () => {
  const check = (bytes: Uint8Array) => {
    try {
      readSafetensors(bytes);
    } catch (error) {
      expect(FuzzError.isInstance(error)).toBe(true);
    }
  };
  fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), check));
  const whole = writeSafetensors({ a: float32([1, 2, 3]), b: float32([4]) });
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.integer({ min: 0, max: 255 }), (at, value) => {
      const bytes = whole.slice();
      bytes[at] = value;
      check(bytes);
      check(whole.subarray(0, at));
    }),
  );
  fc.assert(
    fc.property(fc.jsonValue(), (header) => {
      const text = new TextEncoder().encode(JSON.stringify(header));
      const bytes = new Uint8Array(8 + text.length);
      new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
      bytes.set(text, 8);
      check(bytes);
    }),
  );
});
