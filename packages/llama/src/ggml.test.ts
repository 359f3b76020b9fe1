import { FuzzError } from "@fuzzc/program";
import { expect, test } from "vitest";
import { type Graph, ggmlTypes, openGgml, type Tensor } from "./ggml.ts";

const { F32, I32 } = ggmlTypes;

/** Builds a graph, writes what its inputs are given, and reads its one output. */
async function compute(
  inputs: { shape: number[]; values: number[] }[],
  build: (graph: Graph, tensors: Tensor[]) => Tensor,
  size: number,
): Promise<number[]> {
  const ggml = openGgml();
  using worktop = ggml.openWorktop();
  using graph = ggml.openGraph(32);
  const tensors = inputs.map(({ shape }) => graph.input(F32, shape));
  const output = graph.output(build(graph, tensors));
  worktop.allocate(graph);
  inputs.forEach(({ values }, index) => {
    graph.write(tensors[index] as Tensor, Float32Array.from(values));
  });
  await worktop.compute(graph);
  const result = new Float32Array(size);
  graph.read(output, result);
  return [...result];
}

test("multiplies rows with rows", async () => {
  const a = { shape: [2, 3], values: [1, 2, 3, 4, 5, 6] };
  const x = { shape: [2, 1], values: [10, 1] };
  expect(await compute([a, x], (graph, [a, x]) => graph.mulMat(a!, x!), 3)).toEqual([12, 34, 56]);
});

test("sums outer products, also with a transposed operand", async () => {
  const a = { shape: [2, 3], values: [1, 2, 3, 4, 5, 6] };
  const u = { shape: [3, 1], values: [1, 0, 2] };
  const result = await compute(
    [a, u],
    (graph, [a, u]) => graph.outProd(a!, graph.transpose(u!)),
    2,
  );
  expect(result).toEqual([11, 14]);
});

test("carries the gradient of a softmax back", async () => {
  const x = { shape: [3, 1], values: [0.5, -1, 2] };
  const gradient = { shape: [3, 1], values: [1, 0, 0] };
  const at = async (shift: number) => {
    const moved = { shape: [3, 1], values: [0.5, -1 + shift, 2] };
    return (await compute([moved], (graph, [x]) => graph.softMax(x!), 3))[0]!;
  };
  const analytic = await compute(
    [x, gradient],
    (graph, [x, gradient]) => graph.softMaxBack(gradient!, graph.softMax(x!)),
    3,
  );
  expect(analytic[1]).toBeCloseTo(((await at(0.01)) - (await at(-0.01))) / 0.02, 4);
});

test("refuses operands on which the engine would end the process", () => {
  using graph = openGgml().openGraph(32);
  const a = graph.input(F32, [4, 2]);
  const b = graph.input(F32, [3, 2]);
  const ids = graph.input(I32, [2]);
  const wrong = [
    () => graph.mulMat(a, b),
    () => graph.mulMat(graph.transpose(a), graph.input(F32, [2, 2])),
    () => graph.outProd(a, graph.input(F32, [3, 4])),
    () => graph.add(a, b),
    () => graph.silu(graph.transpose(a)),
    () => graph.getRows(a, b),
    () => graph.softMax(a, b),
    () => graph.rope(a, ids, { dimensions: 4, mode: "normal", base: 10_000 }),
    () => {
      const states = graph.input(F32, [4, 1, 2]);
      const factors = graph.input(F32, [1]);
      graph.rope(states, ids, { dimensions: 4, mode: "normal", base: 10_000, factors });
    },
    () => graph.reshape(a, [3, 3]),
  ];
  for (const call of wrong) {
    expect(call).toThrow(expect.objectContaining({ code: "FUZZ_SHAPE_MISMATCH" }));
  }
});

test("refuses more tensors than there is room for, and values of another length", () => {
  const ggml = openGgml();
  using worktop = ggml.openWorktop();
  using graph = ggml.openGraph(2);
  const a = graph.input(F32, [4]);
  graph.output(graph.silu(a));
  expect(() => graph.silu(a)).toThrow(FuzzError);
  worktop.allocate(graph);
  expect(() => graph.write(a, new Float32Array(3))).toThrow(FuzzError);
});

test("keeps tensors outside of graphs", async () => {
  const ggml = openGgml();
  using worktop = ggml.openWorktop();
  using store = worktop.store(new Map([["weight", { type: F32, shape: [2, 1] }]]));
  store.write("weight", Float32Array.of(3, 4));
  using graph = ggml.openGraph(4);
  const x = graph.input(F32, [2, 1]);
  const output = graph.output(graph.mulMat(store.get("weight"), x));
  worktop.allocate(graph);
  graph.write(x, Float32Array.of(1, 2));
  await worktop.compute(graph);
  const result = new Float32Array(1);
  graph.read(output, result);
  expect(result[0]).toBe(11);
  expect(store.countBytes("weight")).toBe(8);
});
