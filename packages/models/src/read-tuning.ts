import { readFile } from "node:fs/promises";
import {
  type Adapter,
  dequantize,
  FuzzError,
  readAdapter,
  readGguf,
  sha256Hex,
  writeGguf,
} from "@fuzzc/program";
import type { BaseModel } from "./catalogue.ts";

/** What is merged into a model of the catalogue when it is derived. */
export interface Tuning {
  /** For matrices. */
  adapter: Adapter;
  /** What is added to vectors, by their names in the base model. */
  added: ReadonlyMap<string, Float32Array>;
}

/** Where the tunings that come with this package lie, seen from its source as from what is built. */
const folder = new URL("../tuning/", import.meta.url);

/**
 * The tuning of a model of the catalogue; undefined for one that stays as it is.
 * @throws FuzzError FUZZ_TUNING_INVALID when its file is missing or another one, and what `parseTuning` throws
 */
export async function readTuning({ name, tuning }: BaseModel): Promise<Tuning | undefined> {
  if (tuning === undefined) {
    return undefined;
  }
  const bytes = await readFile(new URL(tuning.file, folder)).catch((cause) => {
    throw invalid(`${tuning.file} of ${name} can't be read`, cause);
  });
  if ((await sha256Hex(bytes)) !== tuning.sha256) {
    throw invalid(`${tuning.file} of ${name} is damaged`);
  }
  return parseTuning(bytes);
}

/**
 * Reads a tuning: a LoRA adapter in GGUF that may hold further tensors, vectors in float32.
 * @throws FuzzError FUZZ_ADAPTER_INVALID, FUZZ_GGUF_INVALID, FUZZ_GGUF_TRUNCATED
 */
export function parseTuning(bytes: Uint8Array): Tuning {
  const { metadata, tensors } = readGguf(bytes);
  const isPair = ({ name }: { name: string }) => /\.lora_[ab]$/.test(name);
  const vectors = tensors.filter((tensor) => !isPair(tensor));
  const other = vectors.find(({ type, shape }) => type !== "F32" || shape.length !== 1);
  if (other !== undefined) {
    throw new FuzzError(`The tuning can't be used: ${other.name} is no vector in float32`, {
      code: "FUZZ_ADAPTER_INVALID",
      hint: "Besides the pairs of its adapter, a tuning holds vectors that are added.",
    });
  }
  // An adapter holds pairs only.
  const pairs = writeGguf({ metadata, tensors: tensors.filter(isPair) });
  return {
    // An encoder's rows are not permuted, whatever its heads.
    adapter: readAdapter(pairs, { headCounts: { heads: 1, kvHeads: 1 } }),
    added: new Map(vectors.map((vector) => [vector.name, dequantize(vector)])),
  };
}

function invalid(what: string, cause?: unknown): FuzzError {
  return new FuzzError(what, {
    code: "FUZZ_TUNING_INVALID",
    kind: "resource",
    hint: "Install fuzzc again; the file comes with the package @fuzzc/models.",
    cause,
  });
}
