import fc from "fast-check";
import { expect, test } from "vitest";
import { FuzzError } from "./errors.ts";
import type { GgufTensor, GgufValue } from "./gguf.ts";
import { readGguf } from "./read-gguf.ts";
import { type TensorType, tensorLayouts } from "./tensor-type.ts";
import { type GgufContent, writeGguf } from "./write-gguf.ts";

const sample: GgufContent = {
  metadata: new Map<string, GgufValue>([
    ["general.type", { type: "string", value: "adapter" }],
    ["numbers", { type: "array", of: "int32", value: [-1, 2] }],
    ["words", { type: "array", of: "string", value: ["ä", "\uFEFFbom", ""] }],
    ["big", { type: "uint64", value: 2n ** 63n }],
    ["yes", { type: "bool", value: true }],
  ]),
  tensors: [
    { name: "a", type: "F32", shape: [3], data: new Uint8Array(12).fill(1) },
    { name: "b", type: "Q8_0", shape: [64, 2], data: new Uint8Array(136).fill(2) },
  ],
};
const sampleBytes = writeGguf(sample);

test("what is written is read, and gives the same bytes again", () => {
  const gguf = readGguf(sampleBytes);
  expect(gguf).toEqual({ version: 3, ...sample });
  expect(writeGguf(gguf)).toEqual(sampleBytes);
});

test("tensor data are views into the file", () => {
  for (const { data } of readGguf(sampleBytes).tensors) {
    expect(data.buffer).toBe(sampleBytes.buffer);
  }
});

test("any content survives writing and reading", () => {
  fc.assert(
    fc.property(content(), (value) => {
      const bytes = writeGguf(value);
      expect(readGguf(bytes)).toEqual({ version: 3, ...value });
      // A file inside a larger buffer reads the same.
      const larger = new Uint8Array(bytes.length + 7);
      larger.set(bytes, 7);
      expect(readGguf(larger.subarray(7))).toEqual({ version: 3, ...value });
    }),
  );
});

test("a header of any length survives", () => {
  for (const length of [4000, 4096, 5000, 100_000]) {
    const metadata = new Map<string, GgufValue>([
      ["long", { type: "string", value: "x".repeat(length) }],
      ["next", { type: "float64", value: 0.5 }],
    ]);
    expect(readGguf(writeGguf({ ...sample, metadata })).metadata).toEqual(metadata);
  }
});

test("any bytes give a value or a FuzzError", () => {
  const magic = Uint8Array.from([...Buffer.from("GGUF"), 3, 0, 0, 0]);
  fc.assert(
    fc.property(fc.boolean(), fc.uint8Array({ maxLength: 200 }), (withMagic, bytes) => {
      expectValueOrFuzzError(withMagic ? Uint8Array.from([...magic, ...bytes]) : bytes);
    }),
    { numRuns: 1000 },
  );
});

test("a good file with any bytes changed gives a value or a FuzzError", () => {
  const change = fc.tuple(fc.nat(sampleBytes.length - 1), fc.integer({ min: 0, max: 255 }));
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), (changes) => {
      const bytes = sampleBytes.slice();
      for (const [position, value] of changes) {
        bytes[position] = value;
      }
      expectValueOrFuzzError(bytes);
    }),
    { numRuns: 2000 },
  );
});

test("a file cut anywhere before the end of its data is refused", () => {
  const last = readGguf(sampleBytes).tensors.at(-1)!.data;
  const dataEnd = last.byteOffset + last.length;
  for (let length = 0; length < dataEnd; length++) {
    expect(() => readGguf(sampleBytes.subarray(0, length))).toThrow(FuzzError);
  }
  expect(readGguf(sampleBytes.subarray(0, dataEnd)).tensors).toHaveLength(2);
});

test.each([
  ["tensors", 8],
  ["metadata entries", 16],
  ["bytes of the first key", 24],
])("a claim of far more %s than there are bytes is refused before any work", (_, position) => {
  for (const claim of [1000n, 2n ** 31n, 2n ** 63n, 2n ** 64n - 1n]) {
    const bytes = sampleBytes.slice();
    new DataView(bytes.buffer).setBigUint64(position, claim, true);
    expect(() => readGguf(bytes)).toThrow(FuzzError);
  }
});

test.each([
  ["no magic", patch(0, 0x46554748)],
  ["version 1", patch(4, 1)],
  ["a big-endian version", patch(4, 0x03000000)],
  ["an unknown metadata type", patch(metadataTypeAt("general.type"), 13)],
  ["an array of arrays", patch(metadataTypeAt("numbers") + 4, 9)],
  ["an unknown tensor type", patch(tensorAt("a") + 4 + 8, 99)],
  ["no dimensions", patch(tensorAt("a"), 0)],
  ["five dimensions", patch(tensorAt("a"), 5)],
  ["a dimension of 0", patch(tensorAt("a") + 4, 0)],
  ["tensors that overlap", patch(tensorAt("b") + 4 + 16 + 4, 0)],
  ["a tensor off its alignment", patch(tensorAt("b") + 4 + 16 + 4, 33)],
  ["rows that aren't whole blocks", patch(tensorAt("b") + 4, 63)],
])("%s is refused", (_, bytes) => {
  expect(() => readGguf(bytes)).toThrow(expect.objectContaining({ code: "FUZZ_GGUF_INVALID" }));
});

test("a key or a tensor that appears twice is refused", () => {
  const twoKeys = writeGguf({
    metadata: new Map<string, GgufValue>([
      ["k1", { type: "uint8", value: 1 }],
      ["k2", { type: "uint8", value: 2 }],
    ]),
    tensors: ["t1", "t2"].map((name) => ({ ...sample.tensors[0]!, name })),
  });
  for (const [from, to] of [
    ["k2", "k1"],
    ["t2", "t1"],
  ] as const) {
    const bytes = twoKeys.slice();
    bytes.set(Buffer.from(to), Buffer.from(twoKeys).indexOf(from));
    expect(() => readGguf(bytes)).toThrow(/appears twice/);
  }
});

test("text that is not UTF-8 is refused", () => {
  const bytes = sampleBytes.slice();
  bytes[Buffer.from(bytes).indexOf("adapter")] = 0xff;
  expect(() => readGguf(bytes)).toThrow(/not UTF-8/);
});

test("an alignment of the file's own is kept to", () => {
  const key = Buffer.from("general.alignmenX");
  const wide: GgufContent = {
    metadata: new Map([["general.alignmenX", { type: "uint32", value: 64 }]]),
    tensors: [{ ...sample.tensors[0]!, name: "x".repeat(40) }],
  };
  const bytes = writeGguf(wide);
  const at = Buffer.from(bytes).indexOf(key);
  bytes[at + key.length - 1] = "t".charCodeAt(0);
  // The header ends at 129: the data start at 160 when aligned to 32, and at 192 when to 64.
  const moved = new Uint8Array(192 + 32);
  moved.set(bytes.subarray(0, 129));
  moved.set(bytes.subarray(160), 192);
  expect(readGguf(moved).tensors[0]?.data.byteOffset).toBe(192);
  new DataView(moved.buffer).setUint32(at + key.length + 4, 48, true);
  expect(() => readGguf(moved)).toThrow(/alignment/);
});

test.each<[string, GgufContent]>([
  ["a name of 64 bytes", withTensor({ name: "n".repeat(64) })],
  ["five dimensions", withTensor({ shape: [1, 1, 1, 1, 3] })],
  ["data of another size", withTensor({ shape: [4] })],
  ["half a dimension", withTensor({ shape: [1.5, 2] })],
  ["a tensor twice", { ...sample, tensors: [sample.tensors[0]!, sample.tensors[0]!] }],
  [
    "an alignment",
    { ...sample, metadata: new Map([["general.alignment", { type: "uint32", value: 64 }]]) },
  ],
])("the writer refuses %s", (_, value) => {
  expect(() => writeGguf(value)).toThrow(expect.objectContaining({ code: "FUZZ_GGUF_UNWRITABLE" }));
});

function withTensor(change: Partial<GgufTensor>): GgufContent {
  return { metadata: new Map(), tensors: [{ ...sample.tensors[0]!, ...change }] };
}

function expectValueOrFuzzError(bytes: Uint8Array): void {
  try {
    readGguf(bytes);
  } catch (error) {
    expect(FuzzError.isInstance(error), String(error)).toBe(true);
  }
}

function patch(position: number, value: number): Uint8Array {
  const bytes = sampleBytes.slice();
  new DataView(bytes.buffer).setUint32(position, value, true);
  return bytes;
}

function metadataTypeAt(key: string): number {
  return Buffer.from(sampleBytes).indexOf(key) + key.length;
}

/** Where the number of dimensions of a tensor stands: after the length and the name. */
function tensorAt(name: string): number {
  const marker = Buffer.from([1, 0, 0, 0, 0, 0, 0, 0, name.charCodeAt(0)]);
  return Buffer.from(sampleBytes).indexOf(marker) + marker.length;
}

function content(): fc.Arbitrary<GgufContent> {
  const key = fc.string({ maxLength: 20 }).filter((text) => text !== "general.alignment");
  return fc.record({
    metadata: fc.array(fc.tuple(key, metadataValue())).map((entries) => new Map(entries)),
    tensors: fc.uniqueArray(tensor(), { selector: ({ name }) => name, maxLength: 6 }),
  });
}

function metadataValue(): fc.Arbitrary<GgufValue> {
  const values = {
    uint8: fc.integer({ min: 0, max: 255 }),
    int16: fc.integer({ min: -32_768, max: 32_767 }),
    int32: fc.integer(),
    float32: fc.float(),
    float64: fc.double(),
    bool: fc.boolean(),
    string: fc.string({ unit: "grapheme" }),
    int64: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  };
  const kinds = Object.entries(values).flatMap(([type, value]): fc.Arbitrary<unknown>[] => [
    fc.record({ type: fc.constant(type), value }),
    fc.record({
      type: fc.constant("array"),
      of: fc.constant(type),
      value: fc.array<unknown>(value, { maxLength: 5 }),
    }),
  ]);
  return fc.oneof(...kinds) as fc.Arbitrary<GgufValue>;
}

function tensor(): fc.Arbitrary<GgufTensor> {
  const types = Object.keys(tensorLayouts) as TensorType[];
  return fc
    .tuple(
      fc.string({ maxLength: 15 }),
      fc.constantFrom(...types),
      fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 0, max: 255 }),
    )
    .map(([name, type, [first, ...others], fill]) => {
      const { blockLength, blockBytes } = tensorLayouts[type];
      const blocks = [first!, ...others].reduce((product, length) => product * length, 1);
      const shape = [first! * blockLength, ...others];
      return { name, type, shape, data: new Uint8Array(blocks * blockBytes).fill(fill) };
    });
}
