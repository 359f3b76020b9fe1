import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { FuzzError } from "@fuzzc/program";

/**
 * Writes a file in one step: a reader sees the old one or the whole new one.
 * @throws FuzzError FUZZ_FILE_UNWRITABLE
 */
export async function writeFileAtomically(path: string, bytes: Uint8Array): Promise<void> {
  const draft = `${path}.${process.pid}.draft`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(draft, bytes);
    await rename(draft, path);
  } catch (cause) {
    await rm(draft, { force: true }).catch(() => {});
    throw new FuzzError(`${path} can't be written: ${(cause as Error).message}`, {
      code: "FUZZ_FILE_UNWRITABLE",
      kind: "resource",
      hint: "Give the path of a folder that you may write to.",
      cause,
    });
  }
}
