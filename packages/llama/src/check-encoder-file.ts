import { stat } from "node:fs/promises";
import { FuzzError } from "@fuzzc/program";
import { invalidModel } from "./check-architecture.ts";
import { checkTensorData } from "./check-tensor-data.ts";
import { type HeaderTensor, valueTypes } from "./gguf-cursor.ts";
import type { Native } from "./native.ts";
import { type GgufHeader, readGgufHeader } from "./read-gguf-header.ts";

/** What is known of an encoder's file before the engine opens it. */
export interface CheckedEncoderFile {
  /** By their names. */
  tensors: Map<string, HeaderTensor>;
  sizeBytes: number;
  /** Stands before every text that the encoder reads. */
  prefix: string;
}

// What each key under "bert." must be; a key that is not listed could switch on a part of the engine that has
// assertions of its own, so it is refused.
const whole = (low: number, high: number) => ({ type: valueTypes.uint32, low, high });
const bool = 7;
const ranges: Record<string, { type: number; low: number; high: number }> = {
  block_count: whole(1, 512), // LLAMA_MAX_LAYERS
  context_length: whole(2, 65_536),
  embedding_length: whole(1, 65_536),
  feed_forward_length: whole(1, 2 ** 20),
  pooling_type: whole(1, 1), // mean
  "attention.head_count": whole(1, 65_536),
  "attention.layer_norm_epsilon": { type: valueTypes.float32, low: 0, high: 1 },
  "attention.causal": { type: bool, low: 0, high: 0 },
};
const specialTokens = ["bos", "unknown", "seperator", "padding"];
const float32 = 0;
// A prefix is read with every text, and must leave room for it.
const maxPrefixLength = 64;

/**
 * Checks a sentence encoder's file in TypeScript, because an assertion inside the engine would end the whole process.
 * @throws FuzzError FUZZ_MODEL_NOT_FOUND, FUZZ_MODEL_INVALID, FUZZ_MODEL_UNSUPPORTED, FUZZ_GGUF_INVALID,
 *   FUZZ_GGUF_TRUNCATED
 */
export async function checkEncoderFile(native: Native, path: string): Promise<CheckedEncoderFile> {
  const [header, { size }] = await Promise.all([readGgufHeader(path), stat(path)]).catch(
    (cause: unknown) => {
      throw FuzzError.isInstance(cause) ? cause : notFound(path, cause);
    },
  );
  const { metadata, tensors } = header;
  const name = metadata.get("general.architecture");
  if (name !== "bert" || metadata.get("tokenizer.ggml.model") !== "bert") {
    throw new FuzzError(`${path} is a ${String(name)} model, not a sentence encoder`, {
      code: "FUZZ_MODEL_UNSUPPORTED",
      hint: "Encoders of the architecture bert with a WordPiece tokenizer are run.",
    });
  }
  const values = checkKeys(header, path);
  const number = (key: string) => Number(values.get(key));
  const tokens = checkTokens(header, path);
  const row = number("embedding_length");
  if (row % number("attention.head_count") !== 0) {
    throw invalidModel(path, `${row} numbers don't divide among its heads`);
  }
  const embeddings = [
    ["token_embd.weight", tokens],
    ["position_embd.weight", number("context_length")],
    ["token_types.weight", Number(metadata.get("tokenizer.ggml.token_type_count"))],
  ] as const;
  for (const [tensor, rows] of embeddings) {
    const shape = tensors.get(tensor)?.shape.join(" x ");
    if (shape !== `${row} x ${rows}`) {
      throw invalidModel(path, `${tensor} is ${shape}, not ${row} x ${rows}`);
    }
  }
  // The engine takes a row of it as a view, which only works for plain numbers.
  if (tensors.get("token_types.weight")?.type !== float32) {
    throw invalidModel(path, "its token_types.weight is not float32");
  }
  checkTensorData(native, header, size, path);
  return { tensors, sizeBytes: size, prefix: checkPrefix(header, path) };
}

function checkPrefix({ metadata }: GgufHeader, path: string): string {
  const prefix = metadata.get("fuzzc.encoder.prefix") ?? "";
  if (typeof prefix !== "string" || prefix.length > maxPrefixLength) {
    throw invalidModel(
      path,
      `its fuzzc.encoder.prefix is no text of ${maxPrefixLength} characters`,
    );
  }
  return prefix;
}

function checkKeys({ metadata, types }: GgufHeader, path: string): Map<string, unknown> {
  const values = new Map<string, unknown>();
  for (const [key, value] of metadata) {
    if (key.startsWith("bert.")) {
      const range = ranges[key.slice("bert.".length)];
      const allowed =
        range !== undefined &&
        types.get(key) === range.type &&
        Number(value) >= range.low &&
        Number(value) <= range.high;
      if (!allowed) {
        throw invalidModel(path, `${key} is ${JSON.stringify(value)}`);
      }
      values.set(key.slice("bert.".length), value);
    }
  }
  const absent = Object.keys(ranges).find((key) => !values.has(key));
  if (absent !== undefined) {
    throw invalidModel(path, `it does not say bert.${absent}`);
  }
  return values;
}

/** @returns how many tokens there are. */
function checkTokens({ metadata, types }: GgufHeader, path: string): number {
  const tokens = metadata.get("tokenizer.ggml.tokens");
  const texts = (typeof tokens === "object" && tokens.texts) || [];
  // The engine asserts that no token appears twice, reading each as a C string, and names the empty ones itself.
  const spellings = texts.map((text, index) => text.split("\0", 1)[0] || `[EMPTY_${index}]`);
  if (texts.length === 0 || new Set(spellings).size !== texts.length) {
    throw invalidModel(path, "its vocabulary is empty or holds a token twice");
  }
  for (const name of specialTokens) {
    const key = `tokenizer.ggml.${name}_token_id`;
    const id = metadata.get(key);
    if (types.get(key) !== valueTypes.uint32 || typeof id !== "number" || id >= texts.length) {
      throw invalidModel(path, `${key} is ${String(id)}`);
    }
  }
  return texts.length;
}

function notFound(path: string, cause: unknown): FuzzError {
  return new FuzzError(`There is no encoder at ${path}`, {
    code: "FUZZ_MODEL_NOT_FOUND",
    kind: "resource",
    cause,
  });
}
