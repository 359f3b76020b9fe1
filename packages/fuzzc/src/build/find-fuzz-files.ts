import type { Dirent } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join, relative, resolve, sep } from "node:path";
import { FuzzError } from "@fuzzc/program";

/** Folders that hold what others wrote. */
const ignored = new Set(["node_modules", "dist"]);

/**
 * The `*.fuzz.yaml` files among paths and in the folders below them, relative to the working folder, sorted.
 * `node_modules`, `dist` and folders that begin with a dot are left out.
 * @param paths files or folders
 * @throws FuzzError FUZZ_FILE_NOT_FOUND for a path that is not there, and when there is no file at all
 */
export async function findFuzzFiles(paths: readonly string[]): Promise<string[]> {
  const found = new Set<string>();
  for (const path of paths) {
    const stats = await stat(path).catch((cause) => {
      throw missing(`${path} is not there`, cause);
    });
    for (const file of stats.isDirectory() ? await listFolder(path) : [path]) {
      found.add(portable(relative(".", resolve(file))));
    }
  }
  if (found.size === 0) {
    throw missing(`There is no *.fuzz.yaml in ${paths.join(", ")}`);
  }
  return [...found].sort();
}

/** A relative path with slashes, so that the lock file is the same on every system. */
export function portable(path: string): string {
  return path.split(sep).join("/");
}

async function listFolder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const lists = entries.map(async (entry: Dirent) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      return entry.name.startsWith(".") || ignored.has(entry.name) ? [] : listFolder(path);
    }
    return /\.fuzz\.ya?ml$/i.test(entry.name) ? [path] : [];
  });
  return (await Promise.all(lists)).flat();
}

function missing(message: string, cause?: unknown): FuzzError {
  return new FuzzError(message, {
    code: "FUZZ_FILE_NOT_FOUND",
    kind: "resource",
    hint: "Give *.fuzz.yaml files, or folders that have some. `fuzzc init` writes one.",
    cause,
  });
}
