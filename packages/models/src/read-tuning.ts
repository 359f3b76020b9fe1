import { readFile } from "node:fs/promises";
import { type Adapter, FuzzError, readAdapter, sha256Hex } from "@fuzzc/program";
import type { BaseModel } from "./catalogue.ts";

/** Where the adapters that come with this package lie, seen from its source as from what is built. */
const folder = new URL("../tuning/", import.meta.url);

/**
 * The adapter that is merged into a model of the catalogue when it is derived; undefined for one that stays as it is.
 * @throws FuzzError FUZZ_TUNING_INVALID when its file is missing or another one, and what `readAdapter` throws
 */
export async function readTuning({ name, tuning }: BaseModel): Promise<Adapter | undefined> {
  if (tuning === undefined) {
    return undefined;
  }
  const bytes = await readFile(new URL(tuning.file, folder)).catch((cause) => {
    throw invalid(`${tuning.file} of ${name} can't be read`, cause);
  });
  if ((await sha256Hex(bytes)) !== tuning.sha256) {
    throw invalid(`${tuning.file} of ${name} is damaged`);
  }
  // An encoder's rows are not permuted, whatever its heads.
  return readAdapter(bytes, { headCounts: { heads: 1, kvHeads: 1 } });
}

function invalid(what: string, cause?: unknown): FuzzError {
  return new FuzzError(what, {
    code: "FUZZ_TUNING_INVALID",
    kind: "resource",
    hint: "Install fuzzc again; the file comes with the package @fuzzc/models.",
    cause,
  });
}
