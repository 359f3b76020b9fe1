import fc from "fast-check";
import { expect, test } from "vitest";
import type { Adapter } from "./adapter.ts";
import { FuzzError } from "./errors.ts";
import type { GgufValue } from "./gguf.ts";
import { readAdapter } from "./read-adapter.ts";
import { readGguf } from "./read-gguf.ts";
import { sampleAdapter } from "./sample-program.fixture.ts";
import type { TensorType } from "./tensor-type.ts";
import { writeAdapter } from "./write-adapter.ts";
import { writeGguf } from "./write-gguf.ts";

const headCounts = { heads: 4, kvHeads: 2 };
const names = ["blk.10.attn_q.weight", "blk.2.attn_k.weight", "blk.2.ffn_down.weight"];

test("F32 gives back the adapter, q and k in the order of Hugging Face", () => {
  const adapter = makeAdapter(4);
  const bytes = writeAdapter(adapter, { type: "F32", headCounts });
  expect(readAdapter(bytes, { headCounts })).toEqual(adapter);
});

test("what llama.cpp asks for stands in the file", () => {
  const { metadata, tensors } = readGguf(writeAdapter(makeAdapter(4), { type: "F16", headCounts }));
  expect(Object.fromEntries(metadata)).toEqual({
    "general.type": { type: "string", value: "adapter" },
    "general.architecture": { type: "string", value: "llama" },
    "adapter.type": { type: "string", value: "lora" },
    "adapter.lora.alpha": { type: "float32", value: 8 },
  });
  expect(tensors.map(({ name, shape }) => [name, shape])).toEqual([
    ["blk.2.attn_k.weight.lora_a", [64, 4]],
    ["blk.2.attn_k.weight.lora_b", [4, 32]],
    ["blk.2.ffn_down.weight.lora_a", [64, 4]],
    ["blk.2.ffn_down.weight.lora_b", [4, 32]],
    ["blk.10.attn_q.weight.lora_a", [64, 4]],
    ["blk.10.attn_q.weight.lora_b", [4, 32]],
  ]);
});

test("only lora_b of q and k is permuted, by heads and by kvHeads, and only for llama", () => {
  const rowsOf = (architecture: string, name: string) => {
    const adapter = { ...makeAdapter(1), architecture };
    const { tensors } = readGguf(writeAdapter(adapter, { type: "F32", headCounts }));
    const { data } = tensors.find((tensor) => tensor.name === name)!;
    return [...new Float32Array(data.slice().buffer)].slice(0, 9);
  };
  const plain = [0, 1, 2, 3, 4, 5, 6, 7, 8];
  expect(rowsOf("llama", "blk.10.attn_q.weight.lora_b")).toEqual([0, 4, 1, 5, 2, 6, 3, 7, 8]);
  expect(rowsOf("llama", "blk.2.attn_k.weight.lora_b")).toEqual([0, 8, 1, 9, 2, 10, 3, 11, 4]);
  expect(rowsOf("llama", "blk.2.ffn_down.weight.lora_b")).toEqual(plain);
  expect(rowsOf("llama", "blk.10.attn_q.weight.lora_a")).toEqual(plain);
  expect(rowsOf("qwen3", "blk.10.attn_q.weight.lora_b")).toEqual(plain);
});

test.each<[TensorType, number, TensorType]>([
  ["Q8_0", 16, "F16"],
  ["Q8_0", 32, "Q8_0"],
  ["Q4_0", 16, "F16"],
  ["Q4_0", 32, "Q4_0"],
])("%s at rank %d stores lora_b in %s", (type, rank, expected) => {
  const { tensors } = readGguf(writeAdapter(makeAdapter(rank), { type, headCounts }));
  for (const tensor of tensors) {
    expect(tensor.type).toBe(tensor.name.endsWith("_a") ? type : expected);
  }
});

test("the order of the map does not change the bytes", () => {
  const adapter = makeAdapter(4);
  const reversed = { ...adapter, layers: new Map([...adapter.layers].reverse()) };
  const options = { type: "Q8_0", headCounts } as const;
  expect(writeAdapter(reversed, options)).toEqual(writeAdapter(adapter, options));
});

test("an adapter that is not whole is not written", () => {
  const options = { type: "F16", headCounts } as const;
  const adapter = makeAdapter(4);
  expect(() => writeAdapter({ ...adapter, rank: 5 }, options)).toThrow(FuzzError);
  for (const alpha of [0, -1, Number.NaN, Infinity, 1e300]) {
    expect(() => writeAdapter({ ...adapter, alpha }, options)).toThrow(FuzzError);
  }
  adapter.layers.get(names[0]!)!.a[3] = Number.NaN;
  expect(() => writeAdapter(adapter, options)).toThrow(
    expect.objectContaining({ code: "FUZZ_TENSOR_NOT_FINITE" }),
  );
});

test.each([
  ["a model", { "general.type": { type: "string", value: "model" } }],
  ["another kind of adapter", { "adapter.type": { type: "string", value: "control" } }],
  ["no architecture", { "general.architecture": { type: "uint32", value: 1 } }],
  ["alpha of another type", { "adapter.lora.alpha": { type: "uint32", value: 8 } }],
  ["alpha of 0", { "adapter.lora.alpha": { type: "float32", value: 0 } }],
] as [string, Record<string, GgufValue>][])("reading refuses %s", (_, change) => {
  const gguf = readGguf(sampleAdapter());
  const metadata = new Map([...gguf.metadata, ...Object.entries(change)]);
  expectInvalid(writeGguf({ ...gguf, metadata }));
});

test("reading refuses what are not pairs of one rank", () => {
  const { metadata, tensors } = readGguf(sampleAdapter());
  const [a, b] = tensors as [(typeof tensors)[0], (typeof tensors)[0]];
  expectInvalid(writeGguf({ metadata, tensors: [] }));
  expectInvalid(writeGguf({ metadata, tensors: [a] }));
  expectInvalid(writeGguf({ metadata, tensors: [b] }));
  expectInvalid(writeGguf({ metadata, tensors: [a, b, { ...a, name: "blk.0.attn_norm" }] }));
  expectInvalid(writeGguf({ metadata, tensors: [a, { ...b, shape: [8, 32] }] }));
  expectInvalid(writeGguf({ metadata, tensors: [a, { ...b, shape: [4, 8, 8] }] }));
});

test("reading under other head counts refuses rows that don't divide", () => {
  const other = { heads: 5, kvHeads: 5 };
  expect(() => readAdapter(sampleAdapter(), { headCounts: other })).toThrow(FuzzError);
});

test("a good file with any bytes changed gives an adapter or a FuzzError", () => {
  const good = sampleAdapter();
  const header =
    good.length - readGguf(good).tensors.reduce((sum, { data }) => sum + data.length, 0);
  const change = fc.tuple(fc.nat(header - 1), fc.integer({ min: 0, max: 255 }));
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
      const bytes = good.slice();
      for (const [position, value] of changes) {
        bytes[position] = value;
      }
      try {
        readAdapter(bytes, { headCounts });
      } catch (error) {
        expect(FuzzError.isInstance(error), String(error)).toBe(true);
      }
    }),
    { numRuns: 1000 },
  );
});

function expectInvalid(bytes: Uint8Array): void {
  expect(() => readAdapter(bytes, { headCounts })).toThrow(
    expect.objectContaining({ code: "FUZZ_ADAPTER_INVALID" }),
  );
}

/** Each layer 32 x 64; the values count up, so that a moved row shows. */
function makeAdapter(rank: number): Adapter {
  const layers = names.map((name): [string, ReturnType<typeof layer>] => [name, layer(rank)]);
  return { architecture: "llama", rank, alpha: 8, layers: new Map(layers) };
}

function layer(rank: number) {
  return {
    a: Float32Array.from({ length: rank * 64 }, (_, i) => i),
    b: Float32Array.from({ length: 32 * rank }, (_, i) => i),
    dIn: 64,
    dOut: 32,
  };
}
