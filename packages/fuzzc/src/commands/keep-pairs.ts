import { readFile } from "node:fs/promises";
import { FuzzError } from "@fuzzc/program";
import type { Pair } from "@fuzzc/teacher";
import { writeFileAtomically } from "../write-file-atomically.ts";

/**
 * Writes pairs as JSON lines, as `examples: pairs.jsonl` of a *.fuzz.yaml reads them.
 * @throws FuzzError FUZZ_FILE_EXISTS for a file with other content, FUZZ_FILE_UNWRITABLE
 */
export async function keepPairs(path: string, pairs: readonly Pair[]): Promise<void> {
  const lines = pairs.map(({ input, output }) => `${JSON.stringify({ input, output })}\n`);
  const text = lines.join("");
  const there = await readText(path);
  if (there === undefined) {
    await writeFileAtomically(path, Buffer.from(text));
  } else if (there !== text) {
    // Somebody may have reviewed it.
    throw new FuzzError(`${path} is there already, with other pairs`, {
      code: "FUZZ_FILE_EXISTS",
      hint: "Give another name. Nothing is asked again: the answers are in the cache.",
    });
  }
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") {
      return undefined;
    }
    throw new FuzzError(`${path} can't be written: ${(cause as Error).message}`, {
      code: "FUZZ_FILE_UNWRITABLE",
      kind: "resource",
      cause,
    });
  }
}
