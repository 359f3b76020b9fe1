import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { FuzzError } from "@fuzzc/program";
import type { MapTableOptions } from "./map-table.ts";
import { removeWorkFile, WorkFile } from "./work-file.ts";

/**
 * Sees to it that the output can be written, and does away with a work file that is to be replaced.
 * @throws FuzzError FUZZ_OPTION_INVALID, FUZZ_FILE_EXISTS, FUZZ_MAP_UNFINISHED, FUZZ_MAP_BUSY, FUZZ_FILE_UNWRITABLE
 */
export async function prepareOutput(
  { table, out, existing = "refuse" }: MapTableOptions,
  workPath: string,
): Promise<void> {
  if (resolve(table) === resolve(out)) {
    throw new FuzzError("The output would overwrite the table", {
      code: "FUZZ_OPTION_INVALID",
      hint: "Give another path to -o.",
    });
  }
  const hasWork = existsSync(workPath);
  if (hasWork && existing === "refuse") {
    throw new FuzzError(`${workPath} holds a run that was not finished`, {
      code: "FUZZ_MAP_UNFINISHED",
      hint: "Go on with --resume, or begin anew with --force, which drops its answers.",
    });
  }
  if (existsSync(out) && existing !== "replace" && !hasWork) {
    throw new FuzzError(`${out} is there already`, {
      code: "FUZZ_FILE_EXISTS",
      hint: "Give another path to -o, or replace it with --force.",
    });
  }
  if (hasWork && existing === "replace") {
    await refuseBusy(workPath);
    await removeWorkFile(workPath);
  }
  try {
    await mkdir(dirname(out), { recursive: true });
  } catch (cause) {
    throw new FuzzError(`${dirname(out)} can't be made: ${(cause as Error).message}`, {
      code: "FUZZ_FILE_UNWRITABLE",
      kind: "resource",
      hint: "Give the path of a folder that you may write to.",
      cause,
    });
  }
}

/** @throws FuzzError FUZZ_MAP_BUSY */
async function refuseBusy(workPath: string): Promise<void> {
  try {
    await (await WorkFile.open(workPath)).close();
  } catch (error) {
    // Any other trouble goes away with the file.
    if (FuzzError.isInstance(error) && error.code === "FUZZ_WORK_FILE_INVALID") {
      return;
    }
    throw error;
  }
}
