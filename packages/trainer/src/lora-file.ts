import {
  dequantize,
  FuzzError,
  type GgufTensor,
  type GgufValue,
  quantize,
  readGguf,
  writeGguf,
} from "@fuzzc/program";
import { tensorName } from "./base-shape.ts";
import type { LoraLayout } from "./lora.ts";

// Numbers that share a scale.
const q8Block = 32;

/** Pairs and where they lie. */
export interface LoraValues {
  layout: LoraLayout;
  values: Float32Array;
}

/**
 * Writes parameters as a GGUF adapter: in Q8_0, which costs no score, where rows are long enough, else in F16. The rows of q and k are in the engine's order already, since they were
 * trained in it; the scale is in b, so alpha is the rank.
 * @param parts of one rank.
 * @param architecture of the base model, as its file names it.
 */
export function writeLora(parts: readonly LoraValues[], architecture: string): Uint8Array {
  const rank = parts[0]?.layout.rank ?? 0;
  const metadata = new Map<string, GgufValue>([
    ["general.type", { type: "string", value: "adapter" }],
    ["general.architecture", { type: "string", value: architecture }],
    ["adapter.type", { type: "string", value: "lora" }],
    ["adapter.lora.alpha", { type: "float32", value: rank }],
  ]);
  const pairs = parts.flatMap(({ layout, values }) =>
    layout.entries.map((entry) => ({ ...entry, values })),
  );
  const tensors = pairs.flatMap(({ layer, module, dIn, dOut, a, b, end, values }): GgufTensor[] => {
    const name = tensorName(layer, module);
    const store = (suffix: string, matrix: Float32Array, row: number, rows: number): GgufTensor => {
      const type = row % q8Block === 0 ? "Q8_0" : "F16";
      return {
        name: `${name}.${suffix}`,
        type,
        shape: [row, rows],
        data: quantize(matrix, type, row),
      };
    };
    return [
      store("lora_a", values.subarray(a, b), dIn, rank),
      store("lora_b", transpose(values.subarray(b, end), rank, dOut), rank, dOut),
    ];
  });
  return writeGguf({ metadata, tensors });
}

/** An adapter to start from: its own rank, and pairs with the scale in b. */
export interface LoraStart {
  rank: number;
  /** By the name of the weight: a, rank rows of dIn; b, rank rows of dOut. */
  pairs: Map<string, { a: Float32Array; b: Float32Array }>;
}

/**
 * Reads a GGUF adapter to start from.
 * @throws FuzzError FUZZ_GGUF_INVALID, FUZZ_GGUF_TRUNCATED, FUZZ_ADAPTER_INVALID
 */
export function readLora(bytes: Uint8Array): LoraStart {
  const { metadata, tensors } = readGguf(bytes);
  const alpha = metadata.get("adapter.lora.alpha")?.value;
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const pairs: LoraStart["pairs"] = new Map();
  let rank = 0;
  for (const [name, tensor] of byName) {
    if (name.endsWith(".lora_a")) {
      const weight = name.slice(0, -".lora_a".length);
      const other = byName.get(`${weight}.lora_b`);
      rank ||= tensor.shape[1] ?? 0;
      if (tensor.shape[1] !== rank || other?.shape[0] !== rank || typeof alpha !== "number") {
        throw new FuzzError(`The adapter to start from is not a LoRA adapter: ${weight}`, {
          code: "FUZZ_ADAPTER_INVALID",
        });
      }
      const scale = alpha / rank;
      const b = transpose(dequantize(other), other.shape[1] ?? 0, rank);
      pairs.set(weight, { a: dequantize(tensor), b: b.map((value) => value * scale) });
    }
  }
  return { rank, pairs };
}

/**
 * Puts an adapter's pairs into the flat parameters, over what is there. Its rank may be smaller than theirs: then the
 * rows of b that it lacks become zero.
 * @throws FuzzError FUZZ_ADAPTER_MISMATCH
 */
export function placeLora(layout: LoraLayout, values: Float32Array, start: LoraStart): void {
  const known = new Set<string>();
  for (const { layer, module, a, b, end, dIn, dOut } of layout.entries) {
    const name = tensorName(layer, module);
    const pair = start.pairs.get(name);
    if (pair === undefined) {
      continue;
    }
    known.add(name);
    if (pair.a.length !== start.rank * dIn || pair.b.length !== start.rank * dOut) {
      throw mismatch(`${name} has another size`);
    }
    values.set(pair.a, a);
    values.fill(0, b, end);
    values.set(pair.b, b);
  }
  for (const name of start.pairs.keys()) {
    if (!known.has(name)) {
      throw mismatch(`it changes ${name}, which the base model lacks`);
    }
  }
}

/** rows x columns → columns x rows, row major. */
export function transpose(matrix: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(matrix.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      result[column * rows + row] = matrix[row * columns + column] as number;
    }
  }
  return result;
}

function mismatch(what: string): FuzzError {
  return new FuzzError(`The adapter to start from does not fit: ${what}`, {
    code: "FUZZ_ADAPTER_MISMATCH",
    hint: "Train on the base model that it was made for.",
  });
}
