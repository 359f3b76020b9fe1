import { readFile } from "node:fs/promises";
import { FuzzError, type Program, parseJson, sha256Hex } from "@fuzzc/program";
import { z } from "zod";
import { isName } from "../fuzz-file/read-settings.ts";
import { writeFileAtomically } from "../write-file-atomically.ts";

const entrySchema = z.object({
  /** Path of the file it stands in, from the lock file's folder, with slashes. */
  source: z.string(),
  /** Changes whenever the function has to be compiled again. */
  key: z.string(),
  programId: z.string(),
  /** Of the .paw file, hex. */
  sha256: z.string(),
  compiler: z.string().nullable(),
  base: z.string(),
  /** On held-back examples; null without any. */
  measured: z.object({ level: z.string(), examples: z.number(), score: z.number() }).nullable(),
});

const lockSchema = z.object({
  version: z.literal(1),
  /** The folder that was built into, from the lock file's folder. */
  out: z.string(),
  // Names become paths of files that are removed: nothing else may pass.
  functions: z.record(z.string().refine(isName, "is no name of a function"), entrySchema),
});

/** What a build wrote, and from what. */
export type Lock = z.infer<typeof lockSchema>;

/** What a build knows of one function. */
export type LockEntry = z.infer<typeof entrySchema>;

/**
 * Reads `fuzzc.lock`; one that is not there is empty.
 * @throws FuzzError FUZZ_LOCK_INVALID
 */
export async function readLock(path: string, out: string): Promise<Lock> {
  const empty: Lock = { version: 1, out, functions: {} };
  let lock: Lock;
  try {
    const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") {
        return JSON.stringify(empty);
      }
      throw error;
    });
    lock = lockSchema.parse(parseJson(text, path));
  } catch (cause) {
    throw new FuzzError(`${path} can't be used: ${(cause as Error).message}`, {
      code: "FUZZ_LOCK_INVALID",
      hint: "Remove it, and build again: it is written anew.",
      cause,
    });
  }
  if (lock.out !== out && Object.keys(lock.functions).length > 0) {
    throw new FuzzError(`${path} is of the folder ${lock.out}, not of ${out}`, {
      code: "FUZZ_LOCK_INVALID",
      hint: `Build with --out ${lock.out}; or remove that folder and ${path}.`,
    });
  }
  return { ...lock, out };
}

/** Writes `fuzzc.lock`, sorted, so that the same functions give the same bytes. */
export async function writeLock(path: string, lock: Lock): Promise<void> {
  const functions = Object.fromEntries(
    Object.entries(lock.functions).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  const text = `${JSON.stringify({ ...lock, functions }, null, 2)}\n`;
  if ((await readFile(path, "utf8").catch(() => undefined)) !== text) {
    await writeFileAtomically(path, Buffer.from(text));
  }
}

/** What the lock file says of a function that was built. */
export async function makeEntry(made: {
  source: string;
  key: string;
  program: Program;
  bytes: Uint8Array;
}): Promise<LockEntry> {
  const { source, key, program, bytes } = made;
  const { program_id, compiler, base, measured } = program.meta;
  return {
    source,
    key,
    programId: program_id,
    sha256: await sha256Hex(bytes),
    compiler: compiler === undefined ? null : `${compiler.name} ${compiler.version}`,
    base: `${base.name} ${base.quantisation}`,
    measured: measured
      ? { level: measured.level, examples: measured.examples, score: measured.score }
      : null,
  };
}
