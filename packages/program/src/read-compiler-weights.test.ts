import { expect, test } from "vitest";
import { dequantize } from "./dequantize.ts";
import { readCompilerWeights } from "./read-compiler-weights.ts";
import { readGguf } from "./read-gguf.ts";
import { sampleCompiler, sampleManifest } from "./sample-compiler.fixture.ts";
import { writeGguf } from "./write-gguf.ts";

test("weights are the file's tensors as float32", async () => {
  const { manifest, bytes } = sampleCompiler();
  const weights = await readCompilerWeights(bytes, manifest);
  const values = new Map(
    readGguf(bytes).tensors.map((tensor) => [tensor.name, dequantize(tensor)]),
  );
  expect(weights.featureMean).toEqual(values.get("features.mean"));
  expect(weights.featureStd).toEqual(values.get("features.std"));
  expect(weights.trunk).toEqual({
    weight: values.get("trunk.weight"),
    bias: values.get("trunk.bias"),
    inputs: 96,
    outputs: 32,
  });
  expect(weights.head.outputs).toBe(2 * 2 * 5 * 2);
  expect([...weights.bases.keys()]).toEqual(["k_proj", "q_proj"]);
  expect(weights.bases.get("q_proj")?.b).toEqual(values.get("bases.q_proj.b"));
  expect(weights.shared.get("4.k_proj")?.a).toEqual(values.get("shared.4.k_proj.a"));
});

test("mean, std and shared matrices may be missing", async () => {
  const { manifest, bytes } = sampleCompiler([
    "features.mean",
    "features.std",
    "shared.3.q_proj.a",
    "shared.3.q_proj.b",
  ]);
  const weights = await readCompilerWeights(bytes, manifest);
  expect(weights.featureMean).toBeUndefined();
  expect(weights.shared.has("3.q_proj")).toBe(false);
  expect(weights.shared.size).toBe(3);
});

test.each([["trunk.weight"], ["head.bias"], ["bases.k_proj.a"], ["shared.3.q_proj.b"]])(
  "weights without %s are refused",
  async (name) => {
    const { manifest, bytes } = sampleCompiler([name]);
    await expect(readCompilerWeights(bytes, manifest)).rejects.toMatchObject({
      code: "FUZZ_COMPILER_INVALID",
      message: expect.stringContaining(name),
    });
  },
);

test("weights that are not those of the manifest are refused", async () => {
  const { manifest, bytes } = sampleCompiler();
  const changed = bytes.slice();
  changed[changed.length - 1] = (changed[changed.length - 1] as number) ^ 1;
  for (const other of [changed, bytes.subarray(1), new Uint8Array(0)]) {
    await expect(readCompilerWeights(other, manifest)).rejects.toMatchObject({
      code: "FUZZ_COMPILER_INVALID",
    });
  }
});

test("a tensor of another shape, or with a value that is no number, is refused", async () => {
  const { bytes } = sampleCompiler();
  const gguf = readGguf(bytes);
  const changes: Record<string, (tensor: (typeof gguf.tensors)[0]) => object> = {
    "bases.k_proj.a": ({ shape }) => ({ shape: [shape[0]! / 2, shape[1]! * 2] }),
    "head.bias": ({ data }) => ({ data: data.slice().fill(0xff, 0, 4) }),
  };
  for (const [name, change] of Object.entries(changes)) {
    const tensors = gguf.tensors.map((tensor) =>
      tensor.name === name ? { ...tensor, ...change(tensor) } : tensor,
    );
    const other = writeGguf({ ...gguf, tensors });
    await expect(readCompilerWeights(other, sampleManifest(other))).rejects.toMatchObject({
      code: "FUZZ_COMPILER_INVALID",
      message: expect.stringContaining(name),
    });
  }
});
