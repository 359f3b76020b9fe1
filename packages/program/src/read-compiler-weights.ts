import { allFinite } from "./all-finite.ts";
import type { CompilerManifest } from "./compiler-manifest.ts";
import { dequantize } from "./dequantize.ts";
import { FuzzError } from "./errors.ts";
import type { GgufTensor } from "./gguf.ts";
import { readGguf } from "./read-gguf.ts";
import { sha256Hex } from "./sha256.ts";

/** y = weight x + bias; `weight` is outputs x inputs, row major. */
export interface LinearWeights {
  weight: Float32Array;
  bias: Float32Array;
  inputs: number;
  outputs: number;
}

/** Matrices of one module, both with rows of full length: A is rank x dIn, B is stored transposed, rank x dOut. */
export interface LoraMatrices {
  a: Float32Array;
  b: Float32Array;
}

/** A compiler's weights as float32. */
export interface CompilerWeights {
  /** Of length F: features are centred and scaled by them, if there. */
  featureMean: Float32Array | undefined;
  featureStd: Float32Array | undefined;
  /** F → H, then GELU. */
  trunk: LinearWeights;
  /** H → C, the coefficients: (layer, module, basis, {A, B}). */
  head: LinearWeights;
  /** By module: N bases below one another, so that row n·rank + i is row i of basis n. */
  bases: Map<string, LoraMatrices>;
  /** By `sharedKey(layer, module)`: what every adapter starts from, if the compiler has it. */
  shared: Map<string, LoraMatrices>;
}

/** The key of a layer's shared matrices; `layer` counts from the base model's first. */
export function sharedKey(layer: number, module: string): string {
  return `${layer}.${module}`;
}

/**
 * Reads `weights.gguf` of a compiler and checks it against its manifest: checksum, names, shapes.
 * @throws FuzzError FUZZ_COMPILER_INVALID, FUZZ_GGUF_INVALID, FUZZ_GGUF_TRUNCATED
 */
export async function readCompilerWeights(
  bytes: Uint8Array,
  manifest: CompilerManifest,
): Promise<CompilerWeights> {
  const { sha256, sizeBytes } = manifest.weights;
  if (bytes.length !== sizeBytes || (await sha256Hex(bytes)) !== sha256) {
    throw invalid(`${bytes.length} bytes that are not those of the manifest (${sizeBytes} bytes)`);
  }
  const tensors = new Map(readGguf(bytes).tensors.map((tensor) => [tensor.name, tensor]));
  const optional = (name: string, shape: number[]) => readTensor(tensors, name, shape);
  const required = (name: string, shape: number[]) => {
    const values = optional(name, shape);
    if (values === undefined) {
      throw invalid(`no tensor ${name}`);
    }
    return values;
  };

  const { layers, modules, rank, bases: count, dims } = manifest.adapter;
  const hidden = manifest.trunkSize;
  const outputs = layers.length * modules.length * count * 2;
  // The manifest does not give F: it follows from the base model and the feature layers.
  const inputs = tensors.get("trunk.weight")?.shape[0] ?? 0;
  const weights: CompilerWeights = {
    trunk: {
      weight: required("trunk.weight", [inputs, hidden]),
      bias: required("trunk.bias", [hidden]),
      inputs,
      outputs: hidden,
    },
    featureMean: optional("features.mean", [inputs]),
    featureStd: optional("features.std", [inputs]),
    head: {
      weight: required("head.weight", [hidden, outputs]),
      bias: required("head.bias", [outputs]),
      inputs: hidden,
      outputs,
    },
    bases: new Map(),
    shared: new Map(),
  };
  for (const module of modules) {
    const [dIn, dOut] = dims[module] as [number, number];
    weights.bases.set(module, {
      a: required(`bases.${module}.a`, [dIn, count * rank]),
      b: required(`bases.${module}.b`, [dOut, count * rank]),
    });
    for (const layer of layers) {
      const key = sharedKey(layer, module);
      if (tensors.has(`shared.${key}.a`)) {
        weights.shared.set(key, {
          a: required(`shared.${key}.a`, [dIn, rank]),
          b: required(`shared.${key}.b`, [dOut, rank]),
        });
      }
    }
  }
  return weights;
}

function readTensor(
  tensors: Map<string, GgufTensor>,
  name: string,
  shape: number[],
): Float32Array | undefined {
  const tensor = tensors.get(name);
  if (tensor === undefined) {
    return undefined;
  }
  if (tensor.shape.join() !== shape.join()) {
    throw invalid(`${name} of ${tensor.shape.join(" x ")}, not ${shape.join(" x ")}`);
  }
  const values = dequantize(tensor);
  if (!allFinite(values)) {
    throw invalid(`${name} with a value that is not a finite number`);
  }
  return values;
}

function invalid(what: string): FuzzError {
  return new FuzzError(`The compiler's weights can't be used: they hold ${what}`, {
    code: "FUZZ_COMPILER_INVALID",
    hint: "Install the compiler again.",
  });
}
