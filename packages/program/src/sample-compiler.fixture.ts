import { createHash } from "node:crypto";
import { type CompilerManifest, readCompilerManifest } from "./compiler-manifest.ts";
import type { GgufTensor } from "./gguf.ts";
import { quantize } from "./quantize.ts";
import { writeGguf } from "./write-gguf.ts";

const dims: Record<string, [number, number]> = { k_proj: [64, 32], q_proj: [64, 64] };
const layers = [3, 4];
const rank = 4;
const bases = 5;
const trunkSize = 32;
const features = 96;

/** A small compiler: two layers, two modules, five bases of rank 4. `drop` names tensors to leave out. */
export function sampleCompiler(drop: readonly string[] = []): {
  manifest: CompilerManifest;
  bytes: Uint8Array;
} {
  const modules = Object.keys(dims);
  const outputs = layers.length * modules.length * bases * 2;
  const shapes: [string, number[]][] = [
    ["features.mean", [features]],
    ["features.std", [features]],
    ["trunk.weight", [features, trunkSize]],
    ["trunk.bias", [trunkSize]],
    ["head.weight", [trunkSize, outputs]],
    ["head.bias", [outputs]],
  ];
  for (const [module, [dIn, dOut]] of Object.entries(dims)) {
    shapes.push([`bases.${module}.a`, [dIn, bases * rank]]);
    shapes.push([`bases.${module}.b`, [dOut, bases * rank]]);
    for (const layer of layers) {
      shapes.push([`shared.${layer}.${module}.a`, [dIn, rank]]);
      shapes.push([`shared.${layer}.${module}.b`, [dOut, rank]]);
    }
  }
  const tensors = shapes
    .filter(([name]) => !drop.includes(name))
    .map(([name, shape], i): GgufTensor => {
      const count = shape.reduce((product, length) => product * length, 1);
      const values = Float32Array.from({ length: count }, (_, j) => Math.sin(i + j * 1.7));
      const type = shape.length === 1 ? "F32" : "Q8_0";
      return { name, type, shape, data: quantize(values, type, shape[0] as number) };
    });
  const bytes = writeGguf({ metadata: new Map(), tensors });
  return { manifest: sampleManifest(bytes), bytes };
}

/** The manifest of these weights. */
export function sampleManifest(bytes: Uint8Array): CompilerManifest {
  return readCompilerManifest({
    format: "fuzzc-compiler-1",
    name: "sample",
    version: "0.1.0",
    license: "Apache-2.0",
    base: { name: "base", sourceSha256: "a".repeat(64), quantisation: "Q8_0" },
    architecture: "llama",
    prompt: "chat-1",
    features: { layers: [1, 2, 3], combine: "concat", positions: "task" },
    trunkSize,
    adapter: { layers, modules: Object.keys(dims), rank, alpha: 4, bases, dims },
    heads: 4,
    kvHeads: 2,
    weights: {
      file: "weights.gguf",
      sha256: createHash("sha256").update(bytes).digest("hex"),
      sizeBytes: bytes.length,
    },
    training: { cases: 1 },
  });
}
