import { FuzzError } from "@fuzzc/program";
import { checkTensorData } from "./check-tensor-data.ts";
import { type HeaderTensor, valueTypes } from "./gguf-cursor.ts";
import type { Native } from "./native.ts";
import { type GgufHeader, parseGgufHeader } from "./read-gguf-header.ts";

/** The base model that an adapter must fit. */
export interface AdapterBase {
  architecture: string;
  tensors: Map<string, HeaderTensor>;
}

// The engine loads a pair for any tensor but applies it only where it multiplies by that tensor; these it always does.
const applied = /^blk\.\d+\.(attn_(q|k|v|output)|ffn_(gate|up|down))\.weight$/;
const loraSuffix = /\.lora_([ab])$/;

/**
 * Checks an adapter in TypeScript against the base, because the engine asserts on some faults and passes over others.
 * @returns how many of the base's tensors it changes.
 * @throws FuzzError FUZZ_ADAPTER_INVALID, FUZZ_ADAPTER_MISMATCH, FUZZ_GGUF_INVALID, FUZZ_GGUF_TRUNCATED
 */
export function checkAdapter(native: Native, bytes: Uint8Array, base: AdapterBase): number {
  const header = parseGgufHeader(bytes, "The adapter");
  checkMetadata(header, base.architecture);
  checkTensorData(native, header, bytes.length, "The adapter");
  const targets = new Set<string>();
  for (const { name } of header.tensors.values()) {
    if (!loraSuffix.test(name)) {
      throw invalid(`its tensor ${name} is not half of a LoRA pair`);
    }
    targets.add(name.replace(loraSuffix, ""));
  }
  if (targets.size === 0) {
    throw invalid("it holds no tensors");
  }
  for (const target of targets) {
    checkPair(header, target, base);
  }
  return targets.size;
}

function checkMetadata({ metadata, types }: GgufHeader, architecture: string): void {
  const expected = { "general.type": "adapter", "adapter.type": "lora" };
  for (const [key, value] of Object.entries(expected)) {
    if (metadata.get(key) !== value) {
      throw invalid(`${key} is ${metadata.get(key)}, not "${value}"`);
    }
  }
  if (metadata.get("general.architecture") !== architecture) {
    throw mismatch(
      `it is for the architecture ${metadata.get("general.architecture")}, the base is ${architecture}`,
    );
  }
  const alpha = metadata.get("adapter.lora.alpha");
  // Without alpha the engine would silently use another scale; with a value of another type it would abort.
  if (types.get("adapter.lora.alpha") !== valueTypes.float32 || !(Number(alpha) > 0)) {
    throw invalid(`adapter.lora.alpha is ${alpha}, not a positive float32`);
  }
  if (metadata.has("adapter.alora.invocation_tokens")) {
    throw invalid("it is an aLoRA, which must be switched on by tokens");
  }
}

function checkPair({ tensors }: GgufHeader, target: string, base: AdapterBase): void {
  const a = tensors.get(`${target}.lora_a`);
  const b = tensors.get(`${target}.lora_b`);
  if (a === undefined || b === undefined) {
    throw invalid(`the pair for ${target} lacks ${a === undefined ? "lora_a" : "lora_b"}`);
  }
  const weight = base.tensors.get(target);
  if (weight === undefined) {
    throw mismatch(`the base has no tensor ${target}`);
  }
  if (!applied.test(target)) {
    throw mismatch(`the engine would not apply it to ${target}`);
  }
  const [inner, outer] = weight.shape;
  const fits =
    a.shape.length === 2 &&
    b.shape.length === 2 &&
    a.shape[0] === inner &&
    b.shape[1] === outer &&
    a.shape[1] === b.shape[0];
  if (!fits) {
    throw mismatch(
      `${target} is ${weight.shape.join(" x ")}, but lora_a is ${a.shape.join(" x ")} and lora_b is ${b.shape.join(" x ")}`,
    );
  }
}

function invalid(what: string): FuzzError {
  return new FuzzError(`The adapter can't be used: ${what}`, { code: "FUZZ_ADAPTER_INVALID" });
}

function mismatch(what: string): FuzzError {
  return new FuzzError(`The adapter does not fit the base model: ${what}`, {
    code: "FUZZ_ADAPTER_MISMATCH",
    hint: "Compile the program for this base model, or load the base model it was compiled for.",
  });
}
