import { stat } from "node:fs/promises";
import { totalmem } from "node:os";
import { FuzzError } from "@fuzzc/program";
import { checkTensorData } from "./check-tensor-data.ts";
import type { Native } from "./native.ts";
import { type GgufHeader, readGgufHeader } from "./read-gguf-header.ts";

// Whole numbers that the engine divides by or sizes arrays with, before it checks anything.
const maxLayers = 512;
const wholeNumbers: [suffix: string, high: number, needed: boolean][] = [
  ["block_count", maxLayers, true],
  ["context_length", 2 ** 31 - 1, true],
  ["embedding_length", 2 ** 20, true],
  ["feed_forward_length", 2 ** 24, false],
  ["attention.head_count", 65_536, true],
  ["attention.head_count_kv", 65_536, false],
  ["rope.dimension_count", 65_536, false],
];

export interface CheckedModelFile {
  header: GgufHeader;
  sizeBytes: number;
  architecture: string;
}

/**
 * Checks a model file in TypeScript, because an assertion inside the engine would end the whole process.
 * @throws FuzzError FUZZ_MODEL_NOT_FOUND, FUZZ_MODEL_INVALID, FUZZ_GGUF_INVALID, FUZZ_GGUF_TRUNCATED, FUZZ_OUT_OF_MEMORY
 */
export async function checkModelFile(native: Native, path: string): Promise<CheckedModelFile> {
  const sizeBytes = await fileSize(path);
  const header = await readGgufHeader(path);
  const text = (key: string) => {
    const value = header.metadata.get(key);
    return typeof value === "string" ? value : undefined;
  };
  const architecture = text("general.architecture");
  if (architecture === undefined) {
    throw invalid(path, "it does not name its architecture");
  }
  const kind = text("general.type") ?? "model";
  if (kind !== "model") {
    throw invalid(path, `it is a file of type "${kind}", not a model`);
  }
  for (const [suffix, high, needed] of wholeNumbers) {
    checkWholeNumber(header, path, `${architecture}.${suffix}`, high, needed);
  }
  checkVocabulary(header, path);
  checkTensorData(native, header, sizeBytes, path);
  if (sizeBytes > totalmem()) {
    throw new FuzzError(`${path} has ${sizeBytes} bytes, but this machine has ${totalmem()}`, {
      code: "FUZZ_OUT_OF_MEMORY",
      kind: "resource",
      hint: "Use a smaller or more strongly quantised base model.",
    });
  }
  return { header, sizeBytes, architecture };
}

async function fileSize(path: string): Promise<number> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new FuzzError(`There is no model at ${path}`, {
      code: "FUZZ_MODEL_NOT_FOUND",
      kind: "resource",
      cause,
    });
  });
  if (!found.isFile()) {
    throw new FuzzError(`${path} is not a file`, {
      code: "FUZZ_MODEL_NOT_FOUND",
      kind: "resource",
    });
  }
  return found.size;
}

function checkWholeNumber(
  { metadata }: GgufHeader,
  path: string,
  key: string,
  high: number,
  needed: boolean,
): void {
  const value = metadata.get(key);
  if (value === undefined && !needed) {
    return;
  }
  // Some architectures give one value a layer; those arrays the engine checks itself.
  if (typeof value === "object") {
    return;
  }
  if (typeof value !== "number" || !Number.isInteger(value) || value < 1 || value > high) {
    throw invalid(path, `${key} is ${value}`);
  }
}

function checkVocabulary(header: GgufHeader, path: string): void {
  const tokens = header.metadata.get("tokenizer.ggml.tokens");
  const embedding = header.tensors.get("token_embd.weight");
  if (typeof tokens !== "object" || tokens.type !== 8 || embedding === undefined) {
    throw invalid(path, "it holds no vocabulary or no token embeddings");
  }
  if (embedding.shape.length !== 2 || embedding.shape[1] !== tokens.count) {
    throw invalid(path, `${tokens.count} tokens, but embeddings for ${embedding.shape[1]}`);
  }
}

function invalid(path: string, what: string): FuzzError {
  return new FuzzError(`${path} is not a model that can be used: ${what}`, {
    code: "FUZZ_MODEL_INVALID",
  });
}
