import { type Adapter, type HeadCounts, permutedHeads } from "./adapter.ts";
import { dequantize } from "./dequantize.ts";
import { FuzzError } from "./errors.ts";
import type { Gguf, GgufTensor } from "./gguf.ts";
import { unpermuteRows } from "./permute-rows.ts";
import { readGguf } from "./read-gguf.ts";

/**
 * Reads a LoRA adapter from GGUF: the inverse of `writeAdapter`, but for what its tensor type rounded.
 * @param headCounts of the base model; needed to turn q and k back for the architecture llama.
 * @throws FuzzError FUZZ_GGUF_INVALID, FUZZ_GGUF_TRUNCATED, FUZZ_ADAPTER_INVALID
 */
export function readAdapter(
  bytes: Uint8Array,
  { headCounts }: { headCounts: HeadCounts },
): Adapter {
  const gguf = readGguf(bytes);
  expectText(gguf, "general.type", "adapter");
  expectText(gguf, "adapter.type", "lora");
  const architecture = gguf.metadata.get("general.architecture");
  if (architecture?.type !== "string") {
    throw invalid("it names no architecture");
  }
  const alpha = gguf.metadata.get("adapter.lora.alpha");
  if (alpha?.type !== "float32" || !(alpha.value > 0)) {
    throw invalid("adapter.lora.alpha is not a positive float32");
  }
  const pairs = pairTensors(gguf.tensors);
  const adapter: Adapter = {
    architecture: architecture.value,
    rank: pairs[0]?.a.shape[1] ?? 0,
    alpha: alpha.value,
    layers: new Map(),
  };
  for (const { name, a, b } of pairs) {
    adapter.layers.set(name, readPair(name, a, b, adapter, headCounts));
  }
  return adapter;
}

interface Pair {
  name: string;
  a: GgufTensor;
  b: GgufTensor;
}

function pairTensors(tensors: readonly GgufTensor[]): Pair[] {
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const pairs: Pair[] = [];
  for (const a of tensors) {
    if (a.name.endsWith(".lora_a")) {
      const name = a.name.slice(0, -".lora_a".length);
      const b = byName.get(`${name}.lora_b`);
      if (b === undefined) {
        throw invalid(`${name} has no lora_b`);
      }
      pairs.push({ name, a, b });
    }
  }
  if (pairs.length === 0 || pairs.length * 2 !== tensors.length) {
    throw invalid("its tensors are not pairs of lora_a and lora_b");
  }
  return pairs;
}

function readPair(
  name: string,
  a: GgufTensor,
  b: GgufTensor,
  { architecture, rank }: Adapter,
  headCounts: HeadCounts,
) {
  const [dIn, rankA] = a.shape;
  const [rankB, dOut] = b.shape;
  const fits = a.shape.length === 2 && b.shape.length === 2 && rankA === rank && rankB === rank;
  if (!fits || dIn === undefined || dOut === undefined) {
    throw invalid(
      `${name} has lora_a ${a.shape.join(" x ")} and lora_b ${b.shape.join(" x ")} at rank ${rank}`,
    );
  }
  const heads = permutedHeads(architecture, name, headCounts);
  const stored = dequantize(b);
  return {
    a: dequantize(a),
    b: heads === undefined ? stored : unpermuteRows(stored, rank, heads),
    dIn,
    dOut,
  };
}

function expectText({ metadata }: Gguf, key: string, expected: string): void {
  if (metadata.get(key)?.value !== expected) {
    throw invalid(`${key} is not "${expected}"`);
  }
}

function invalid(what: string): FuzzError {
  return new FuzzError(`The adapter can't be used: ${what}`, {
    code: "FUZZ_ADAPTER_INVALID",
    hint: "It must be a LoRA adapter in GGUF, as llama.cpp's conversion writes it.",
  });
}
