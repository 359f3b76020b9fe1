import { expect, test } from "vitest";
import { moduleTensors } from "./adapter.ts";
import { decodeCoefficients, encodeCoefficients } from "./coefficients.ts";
import { coefficientsToAdapter } from "./coefficients-to-adapter.ts";
import { type CompilerWeights, readCompilerWeights, sharedKey } from "./read-compiler-weights.ts";
import { sampleCompiler } from "./sample-compiler.fixture.ts";

const count = 2 * 2 * 5 * 2;
const coefficients = Float32Array.from({ length: count }, (_, i) => Math.cos(i * 0.7));

test.each([
  ["with shared matrices", []],
  ["without", ["shared.3.q_proj.a", "shared.3.q_proj.b"]],
])("the adapter is what the plain sum gives, %s", async (_, drop) => {
  const { manifest, bytes } = sampleCompiler(drop);
  const weights = await readCompilerWeights(bytes, manifest);
  const adapter = coefficientsToAdapter(coefficients, weights, manifest);
  expect(adapter).toMatchObject({ architecture: "llama", rank: 4, alpha: 4 });
  expect([...adapter.layers.keys()]).toEqual([
    "blk.3.attn_k.weight",
    "blk.3.attn_q.weight",
    "blk.4.attn_k.weight",
    "blk.4.attn_q.weight",
  ]);
  for (const [l, layer] of manifest.adapter.layers.entries()) {
    for (const [m, module] of manifest.adapter.modules.entries()) {
      const pair = adapter.layers.get(`blk.${layer}.${moduleTensors[module]}.weight`)!;
      const [dIn, dOut] = manifest.adapter.dims[module]!;
      expect([pair.dIn, pair.dOut]).toEqual([dIn, dOut]);
      for (let r = 0; r < 4; r++) {
        for (let i = 0; i < dIn; i++) {
          const expected = plainSum(weights, "a", layer, l, m, module, r * dIn + i, 4 * dIn);
          expect(pair.a[r * dIn + i]).toBeCloseTo(expected, 5);
        }
        for (let o = 0; o < dOut; o++) {
          const expected = plainSum(weights, "b", layer, l, m, module, r * dOut + o, 4 * dOut);
          expect(pair.b[o * 4 + r]).toBeCloseTo(expected, 5);
        }
      }
    }
  }
});

test("building twice gives the same, and leaves the weights as they were", async () => {
  const { manifest, bytes } = sampleCompiler();
  const weights = await readCompilerWeights(bytes, manifest);
  const first = coefficientsToAdapter(coefficients, weights, manifest);
  expect(coefficientsToAdapter(coefficients, weights, manifest)).toEqual(first);
  expect(weights).toEqual(await readCompilerWeights(bytes, manifest));
});

test("coefficients of another number, or not numbers, are refused", async () => {
  const { manifest, bytes } = sampleCompiler();
  const weights = await readCompilerWeights(bytes, manifest);
  for (const bad of [
    new Float32Array(count - 1),
    new Float32Array(0),
    new Float32Array(count).fill(Number.NaN),
  ]) {
    expect(() => coefficientsToAdapter(bad, weights, manifest)).toThrow(
      expect.objectContaining({ code: "FUZZ_COEFFICIENTS_INVALID" }),
    );
  }
});

test("coefficients keep their float16 values when stored", () => {
  const once = decodeCoefficients(encodeCoefficients(coefficients));
  expect(decodeCoefficients(encodeCoefficients(once))).toEqual(once);
  expect(encodeCoefficients(coefficients)).toHaveLength(count * 2);
  expect(encodeCoefficients(new Float32Array(0))).toHaveLength(0);
});

function plainSum(
  weights: CompilerWeights,
  part: "a" | "b",
  layer: number,
  l: number,
  m: number,
  module: string,
  index: number,
  size: number,
): number {
  let sum = weights.shared.get(sharedKey(layer, module))?.[part][index] ?? 0;
  for (let n = 0; n < 5; n++) {
    const factor = coefficients[((l * 2 + m) * 5 + n) * 2 + (part === "a" ? 0 : 1)]!;
    sum += factor * weights.bases.get(module)![part][n * size + index]!;
  }
  return sum;
}
