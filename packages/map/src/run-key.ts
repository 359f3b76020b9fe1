import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";

/** What a run's answers depend on. A run goes on only where all of it is the same. */
export interface RunKey {
  /** The program's id. */
  program: string;
  /** SHA-256 of the table's bytes. */
  table: string;
  /** Which columns are asked, and what the new ones are called. */
  options: string;
}

/** What of a run is another one now, in words; empty where it can go on. */
export function compareKeys(before: RunKey, now: RunKey): string[] {
  const words: Record<keyof RunKey, string> = {
    program: "the program",
    table: "the table's content",
    options: "the columns or the name of the answers",
  };
  return (Object.keys(words) as (keyof RunKey)[])
    .filter((part) => before[part] !== now[part])
    .map((part) => words[part]);
}

/** SHA-256 of a file, in hex. */
export async function hashFile(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash, { signal });
  return hash.digest("hex");
}
