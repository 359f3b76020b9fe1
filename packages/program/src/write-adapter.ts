import { type Adapter, type AdapterLayer, type HeadCounts, permutedHeads } from "./adapter.ts";
import { FuzzError } from "./errors.ts";
import type { GgufTensor, GgufValue } from "./gguf.ts";
import { permuteRows } from "./permute-rows.ts";
import { quantize } from "./quantize.ts";
import { holdsRows, type TensorType } from "./tensor-type.ts";
import { writeGguf } from "./write-gguf.ts";

export interface WriteAdapterOptions {
  /** How weights are stored; rows that a quantised type can't hold (of a rank below 32, say) stay F16. */
  type: TensorType;
  headCounts: HeadCounts;
}

/**
 * Writes an adapter as the GGUF file that llama.cpp loads, permuting the rows of q and k where the architecture
 * wants it. The same adapter gives the same bytes, whatever the order of its map.
 * @throws FuzzError FUZZ_ADAPTER_INVALID for sizes that don't fit, FUZZ_TENSOR_NOT_FINITE for weights that are no numbers.
 */
export function writeAdapter(adapter: Adapter, options: WriteAdapterOptions): Uint8Array {
  const { architecture, rank, alpha } = adapter;
  if (!(alpha > 0 && Number.isFinite(Math.fround(alpha)))) {
    throw invalid(`its alpha is ${alpha}`);
  }
  const metadata = new Map<string, GgufValue>([
    ["general.type", { type: "string", value: "adapter" }],
    ["general.architecture", { type: "string", value: architecture }],
    ["adapter.type", { type: "string", value: "lora" }],
    ["adapter.lora.alpha", { type: "float32", value: alpha }],
  ]);
  const tensors = [...adapter.layers.entries()]
    .sort(([first], [second]) => compareNames(first, second))
    .flatMap(([name, layer]): GgufTensor[] => {
      checkSizes(name, layer, rank);
      const heads = permutedHeads(architecture, name, options.headCounts);
      const b = heads === undefined ? layer.b : permuteRows(layer.b, rank, heads);
      return [
        storeMatrix(`${name}.lora_a`, layer.a, layer.dIn, options.type),
        storeMatrix(`${name}.lora_b`, b, rank, options.type),
      ];
    });
  return writeGguf({ metadata, tensors });
}

function storeMatrix(
  name: string,
  values: Float32Array,
  rowLength: number,
  wanted: TensorType,
): GgufTensor {
  const type = holdsRows(wanted, rowLength) ? wanted : "F16";
  const shape = [rowLength, values.length / rowLength];
  return { name, type, shape, data: quantize(values, type, rowLength) };
}

function checkSizes(name: string, { a, b, dIn, dOut }: AdapterLayer, rank: number): void {
  const whole = [rank, dIn, dOut].every((size) => Number.isInteger(size) && size > 0);
  if (!whole || a.length !== rank * dIn || b.length !== dOut * rank) {
    throw invalid(
      `${name} (${dOut} x ${dIn}, rank ${rank}) has ${a.length} values in A and ${b.length} in B`,
    );
  }
}

/** By the number of the block, then by name, so that layer 2 comes before layer 10. */
function compareNames(first: string, second: string): number {
  const difference = blockNumber(first) - blockNumber(second);
  return difference !== 0 ? difference : first < second ? -1 : 1;
}

function blockNumber(name: string): number {
  return Number(/^blk\.(\d+)\./.exec(name)?.[1] ?? -1);
}

function invalid(what: string): FuzzError {
  return new FuzzError(`The adapter can't be written: ${what}`, {
    code: "FUZZ_ADAPTER_INVALID",
    kind: "internal",
  });
}
