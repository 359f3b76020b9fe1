import { createHash } from "node:crypto";
import { mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { hashFile } from "./hash-file.ts";

/**
 * The sha256 of a file, remembered in the cache folder, so that a model is not read through at every start.
 * It is computed again when the file's path, size, inode or time of change differ.
 */
export async function knownHash(
  path: string,
  options: {
    cache: string;
    signal?: AbortSignal | undefined;
    onBytes?: (bytes: number) => void;
  },
): Promise<string> {
  const { size, mtimeNs, ino } = await stat(path, { bigint: true });
  const key = createHash("sha256").update(`${path}\n${size}\n${mtimeNs}\n${ino}`).digest("hex");
  const note = join(options.cache, "hashes", key.slice(0, 32));
  const known = await readFile(note, "utf8").catch(() => "");
  if (/^[0-9a-f]{64}$/.test(known)) {
    return known;
  }
  const sha256 = await hashFile(path, options);
  await writeNote(note, sha256);
  return sha256;
}

/** A cache folder that can't be written to costs time here, not correctness. */
async function writeNote(note: string, sha256: string): Promise<void> {
  const draft = `${note}.${process.pid}`;
  try {
    await mkdir(join(note, ".."), { recursive: true });
    await writeFile(draft, sha256);
    await rename(draft, note);
  } catch {
    await rm(draft, { force: true }).catch(() => {});
  }
}
