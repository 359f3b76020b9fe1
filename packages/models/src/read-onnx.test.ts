import { FuzzError } from "@fuzzc/program";
import fc from "fast-check";
import { PbfWriter } from "pbf";
import { expect, test } from "vitest";
import { readOnnx } from "./read-onnx.ts";
import { type OnnxNode, type OnnxTensor, writeOnnx } from "./write-onnx.fixture.ts";

const floats = (name: string, values: number[], shape = [values.length]): OnnxTensor => ({
  name,
  shape,
  data: new Uint8Array(Float32Array.from(values).buffer),
});

/** y = x W + b, as PyTorch exports a linear layer of 3 inputs and 2 outputs. */
const nodes: OnnxNode[] = [
  { operator: "MatMul", inputs: ["x", "onnx::MatMul_7"], outputs: ["product"] },
  { operator: "Add", inputs: ["layer.dense.bias", "product"], outputs: ["y"] },
];
const matrix = floats("onnx::MatMul_7", [1, 2, 3, 4, 5, 6], [3, 2]);
const bias = floats("layer.dense.bias", [0.5, -0.5]);
const ids = { name: "position_ids", shape: [1, 2], data: new Uint8Array(16), type: 7 };

const valuesOf = (data?: Uint8Array) => [...new Float32Array(new Uint8Array(data ?? []).buffer)];

test("weights come with their PyTorch names, and matrices as (out, in)", () => {
  // A Buffer, as `readFile` gives it: its slices are views.
  const read = readOnnx(Buffer.from(writeOnnx(nodes, [ids, bias, matrix])));
  expect([...read.keys()]).toEqual(["layer.dense.bias", "layer.dense.weight"]);
  expect(read.get("layer.dense.weight")).toMatchObject({ dtype: "F32", shape: [2, 3] });
  expect(valuesOf(read.get("layer.dense.weight")?.data)).toEqual([1, 3, 5, 2, 4, 6]);
  expect(valuesOf(read.get("layer.dense.bias")?.data)).toEqual([0.5, -0.5]);
});

test("a shape may be packed into one field", () => {
  const writer = new PbfWriter();
  const tensor = new PbfWriter();
  tensor.writePackedVarint(1, [1, 2]);
  tensor.writeVarintField(2, 1);
  tensor.writeStringField(8, "packed");
  tensor.writeBytesField(9, bias.data);
  const graph = new PbfWriter();
  graph.writeBytesField(5, tensor.finish());
  writer.writeBytesField(7, graph.finish());
  expect(readOnnx(writer.finish()).get("packed")?.shape).toEqual([1, 2]);
});

test.each<[string, OnnxNode[], OnnxTensor[]]>([
  ["a matrix that no bias names", nodes.slice(0, 1), [matrix]],
  ["a tensor that is there twice", nodes, [bias, bias]],
  ["a matrix of three dimensions", nodes, [{ ...matrix, shape: [1, 3, 2] }]],
  ["a shape that takes other bytes than it has", nodes, [{ ...bias, shape: [3] }]],
  ["a shape beyond counting", nodes, [{ ...bias, shape: [2 ** 60] }]],
  ["a shape of too many dimensions", nodes, [{ ...bias, shape: Array(9).fill(1) }]],
  ["data that lie in another file", nodes, [{ ...bias, data: new Uint8Array() }]],
])("%s is refused", (_, steps, tensors) => {
  expect(() => readOnnx(writeOnnx(steps, tensors))).toThrow(
    expect.objectContaining({ code: "FUZZ_ONNX_INVALID" }),
  );
});

test("any bytes give tensors or a FuzzError", () => {
  const check = (bytes: Uint8Array) => {
    try {
      readOnnx(bytes);
    } catch (error) {
      expect(error).toMatchObject({ code: "FUZZ_ONNX_INVALID" });
      expect(FuzzError.isInstance(error)).toBe(true);
    }
  };
  fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), check));
  const whole = writeOnnx(nodes, [ids, bias, matrix]);
  const byte = fc.integer({ min: 0, max: 255 });
  fc.assert(
    fc.property(fc.nat(whole.length - 1), byte, byte, (at, value, length) => {
      const bytes = whole.slice();
      bytes[at] = value;
      check(bytes);
      check(whole.subarray(0, at));
      check(Uint8Array.of(...whole.subarray(0, at), ...Array(length).fill(value)));
    }),
    { numRuns: 500 },
  );
});
