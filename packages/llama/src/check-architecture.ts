import { FuzzError } from "@fuzzc/program";
import { valueTypes } from "./gguf-cursor.ts";
import type { GgufHeader } from "./read-gguf-header.ts";

/** The architectures whose metadata we know well enough to vouch that the engine won't assert on them. */
export const architectures = ["llama", "qwen2", "qwen3"] as const;
export type Architecture = (typeof architectures)[number];

// What each key under the architecture's name may hold. A key that is not listed could switch on a part of the engine
// that has assertions of its own (experts, sliding windows, prediction heads), so it is refused.
const whole = (high: number) => ({ type: valueTypes.uint32, low: 1, high });
const real = { type: valueTypes.float32, low: 0, high: Number.MAX_VALUE };
const ranges: Record<string, { type: number; low: number; high: number }> = {
  block_count: whole(512), // LLAMA_MAX_LAYERS
  context_length: whole(2 ** 31 - 1),
  embedding_length: whole(2 ** 20),
  feed_forward_length: whole(2 ** 24),
  vocab_size: whole(2 ** 24),
  expert_count: { type: valueTypes.uint32, low: 0, high: 0 },
  expert_used_count: { type: valueTypes.uint32, low: 0, high: 0 },
  "attention.head_count": whole(65_536),
  "attention.head_count_kv": whole(65_536),
  "attention.key_length": whole(65_536),
  "attention.value_length": whole(65_536),
  "attention.layer_norm_rms_epsilon": real,
  "rope.dimension_count": whole(65_536),
  "rope.freq_base": real,
  "rope.scaling.factor": real,
  "rope.scaling.attn_factor": real,
  "rope.scaling.original_context_length": whole(2 ** 31 - 1),
};
const texts: Record<string, string[]> = { "rope.scaling.type": ["none", "linear", "yarn"] };
const flags = ["rope.scaling.finetuned"];
const needed = [
  "block_count",
  "context_length",
  "embedding_length",
  "feed_forward_length",
  "attention.head_count",
  "attention.layer_norm_rms_epsilon",
];

/**
 * Checks what a model file says about its architecture.
 * @returns the architecture, and how many numbers one attention head has.
 * @throws FuzzError FUZZ_MODEL_UNSUPPORTED, FUZZ_MODEL_INVALID
 */
export function checkArchitecture(
  { metadata, types }: GgufHeader,
  path: string,
): { architecture: Architecture; headSize: number } {
  const name = metadata.get("general.architecture");
  const architecture = architectures.find((known) => known === name);
  if (architecture === undefined) {
    throw new FuzzError(`${path} is a ${String(name)} model, which fuzzc does not run`, {
      code: "FUZZ_MODEL_UNSUPPORTED",
      hint: `Use a base model of one of these architectures: ${architectures.join(", ")}.`,
    });
  }
  const prefix = `${architecture}.`;
  const values = new Map<string, unknown>();
  for (const [key, value] of metadata) {
    if (key.startsWith(prefix)) {
      const short = key.slice(prefix.length);
      if (!isAllowed(short, value, types.get(key))) {
        throw invalidModel(path, `${key} is ${JSON.stringify(value)}`);
      }
      values.set(short, value);
    }
  }
  const absent = needed.find((key) => !values.has(key));
  if (absent !== undefined) {
    throw invalidModel(path, `it does not say ${prefix}${absent}`);
  }
  return { architecture, headSize: checkHeads(values, path) };
}

function isAllowed(key: string, value: unknown, type: number | undefined): boolean {
  const range = ranges[key];
  if (range !== undefined) {
    // Not `value < low`, so that NaN is refused too.
    return type === range.type && Number(value) >= range.low && Number(value) <= range.high;
  }
  return texts[key]?.includes(String(value)) ?? (flags.includes(key) && typeof value === "boolean");
}

function checkHeads(values: Map<string, unknown>, path: string): number {
  const number = (key: string, otherwise: number) => Number(values.get(key) ?? otherwise);
  const size = number("embedding_length", 0);
  const heads = number("attention.head_count", 0);
  const kvHeads = number("attention.head_count_kv", heads);
  const headSize = number("attention.key_length", Math.floor(size / heads));
  const sound =
    headSize >= 2 &&
    headSize % 2 === 0 &&
    heads % kvHeads === 0 &&
    number("attention.value_length", headSize) === headSize &&
    number("rope.dimension_count", headSize) === headSize;
  if (!sound) {
    throw invalidModel(
      path,
      `${size} numbers in ${heads} heads with ${kvHeads} for keys don't go together`,
    );
  }
  return headSize;
}

/** The error for a GGUF file that is no sound model. */
export function invalidModel(path: string, what: string): FuzzError {
  return new FuzzError(`${path} is not a model that can be used: ${what}`, {
    code: "FUZZ_MODEL_INVALID",
  });
}
