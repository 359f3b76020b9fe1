import { stat } from "node:fs/promises";
import { totalmem } from "node:os";
import { FuzzError } from "@fuzzc/program";
import { type Architecture, checkArchitecture, invalidModel } from "./check-architecture.ts";
import { checkTensorData } from "./check-tensor-data.ts";
import { checkVocabulary } from "./check-vocabulary.ts";
import type { HeaderTensor } from "./gguf-cursor.ts";
import type { Native } from "./native.ts";
import { readGgufHeader } from "./read-gguf-header.ts";

/** What is known of a model file before the engine opens it. */
export interface CheckedModelFile {
  architecture: Architecture;
  tensors: Map<string, HeaderTensor>;
  /** Numbers in one attention head. */
  headSize: number;
  sizeBytes: number;
}

/**
 * Checks a model file in TypeScript, because an assertion inside the engine would end the whole process.
 * @throws FuzzError FUZZ_MODEL_NOT_FOUND, FUZZ_MODEL_INVALID, FUZZ_MODEL_UNSUPPORTED, FUZZ_GGUF_INVALID,
 *   FUZZ_GGUF_TRUNCATED, FUZZ_OUT_OF_MEMORY
 */
export async function checkModelFile(native: Native, path: string): Promise<CheckedModelFile> {
  const sizeBytes = await fileSize(path);
  const header = await readGgufHeader(path).catch((cause) => {
    throw FuzzError.isInstance(cause) ? cause : notFound(`${path} can't be read`, cause);
  });
  const kind = header.metadata.get("general.type") ?? "model";
  if (kind !== "model") {
    throw invalidModel(path, `it is a file of type ${JSON.stringify(kind)}, not a model`);
  }
  if (header.metadata.has("split.count")) {
    throw invalidModel(path, "it is one part of a model that was split into several files");
  }
  const { architecture, headSize } = checkArchitecture(header, path);
  checkVocabulary(header, path);
  checkTensorData(native, header, sizeBytes, path);
  if (sizeBytes > totalmem()) {
    throw new FuzzError(`${path} has ${sizeBytes} bytes, but this machine has ${totalmem()}`, {
      code: "FUZZ_OUT_OF_MEMORY",
      kind: "resource",
      hint: "Use a smaller or more strongly quantised base model.",
    });
  }
  return { architecture, headSize, sizeBytes, tensors: header.tensors };
}

async function fileSize(path: string): Promise<number> {
  const found = await stat(path).catch((cause: unknown) => {
    throw notFound(`There is no model at ${path}`, cause);
  });
  if (!found.isFile()) {
    throw notFound(`${path} is not a file`);
  }
  return found.size;
}

function notFound(what: string, cause?: unknown): FuzzError {
  return new FuzzError(what, { code: "FUZZ_MODEL_NOT_FOUND", kind: "resource", cause });
}
