import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { FuzzError, sha256Hex } from "@fuzzc/program";
import { writeFileAtomically } from "../write-file-atomically.ts";
import type { LockEntry } from "./lock-file.ts";
import { type ModuleFiles, mark } from "./render-module.ts";

/** Why a function has to be built, and how much of it; undefined when all is as it was built. */
export async function findStale(built: {
  out: string;
  name: string;
  key: string;
  known: LockEntry | undefined;
  module: ModuleFiles;
}): Promise<{ what: "program" | "module"; why: string } | undefined> {
  const { out, name, key, known, module } = built;
  if (known === undefined) {
    return { what: "program", why: "it was never built" };
  }
  if (known.key !== key) {
    return { what: "program", why: "its source or fuzzc has changed" };
  }
  const program = await readFile(join(out, `${name}.paw`)).catch(() => undefined);
  if (program === undefined || (await sha256Hex(program)) !== known.sha256) {
    return { what: "program", why: `${name}.paw is not the one that was built` };
  }
  const changed = await findChanged(out, module);
  return changed === undefined ? undefined : { what: "module", why: changed };
}

/** Says which of a module's files is not as it would be built, if one is. */
export async function findChanged(out: string, module: ModuleFiles): Promise<string | undefined> {
  for (const [file, text] of Object.entries(module)) {
    if ((await readText(join(out, file))) !== text) {
      return `${file} is not the one that would be built`;
    }
  }
  return undefined;
}

/**
 * Writes a module's files where they differ.
 * @throws FuzzError FUZZ_FILE_FOREIGN for one that something else wrote, FUZZ_FILE_UNWRITABLE
 */
export async function writeModule(out: string, module: ModuleFiles): Promise<void> {
  for (const [file, text] of Object.entries(module)) {
    const path = join(out, file);
    const before = await readText(path);
    if (before === text) {
      continue;
    }
    if (before !== undefined && !before.startsWith(mark)) {
      throw new FuzzError(`${path} was not made by fuzzc, and is left as it is`, {
        code: "FUZZ_FILE_FOREIGN",
        hint: "Move it away, or rename the function or its folder.",
      });
    }
    await writeFileAtomically(path, Buffer.from(text));
  }
}

function readText(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch(() => undefined);
}
