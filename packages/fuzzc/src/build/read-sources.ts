import { relative, resolve } from "node:path";
import { FuzzError } from "@fuzzc/program";
import { isName } from "../fuzz-file/read-settings.ts";
import type { FuzzFile } from "../parse-fuzz-file.ts";
import { readFuzzFiles } from "../read-fuzz-file.ts";
import { portable } from "./find-fuzz-files.ts";
import { functionIdentifier } from "./function-identifier.ts";
import type { NamedFunction } from "./render-module.ts";

/** A function to build. */
export interface SourceFunction {
  /** Of its file, for people. */
  path: string;
  /** The same from the lock file's folder. */
  source: string;
  file: NamedFunction;
}

/** What went wrong with one file or function; the others go on. */
export interface SourceFailure {
  source: string;
  error: unknown;
}

export interface Sources {
  /** Sorted by name. */
  functions: SourceFunction[];
  failures: SourceFailure[];
  /** Files that were read without an error, as `source` names them. */
  read: Set<string>;
}

/**
 * Reads the functions of many files. Nothing is thrown: what can't be read, and names that can't stand for a module or
 * stand for two, are failures.
 */
export async function readSources(paths: readonly string[], lockFolder: string): Promise<Sources> {
  const functions: SourceFunction[] = [];
  const failures: SourceFailure[] = [];
  const read = new Set<string>();
  for (const path of paths) {
    const source = portable(relative(resolve(lockFolder), resolve(path)));
    try {
      for (const file of await readFuzzFiles(path)) {
        functions.push({ path, source, file: { ...file, name: checkName(file, path) } });
      }
      read.add(source);
    } catch (error) {
      failures.push({ source, error });
    }
  }
  const { single, doubles } = splitDoubles(functions);
  for (const { source } of doubles) {
    read.delete(source);
  }
  return { functions: single, failures: [...failures, ...doubles], read };
}

function checkName({ name = "" }: FuzzFile, path: string): string {
  if (!isName(name) || name.toLowerCase() === "index") {
    throw new FuzzError(`${path}: ${JSON.stringify(name)} can't be the name of a module`, {
      code: "FUZZ_NAME_INVALID",
      hint: "Say another one in the file, with letters, digits, - and _: name: triage",
    });
  }
  return name;
}

/** Functions whose files or exports would be the same, which some systems decide by letters alone, not by their case. */
function splitDoubles(functions: readonly SourceFunction[]): {
  single: SourceFunction[];
  doubles: SourceFailure[];
} {
  const groups = new Map<string, SourceFunction[]>();
  for (const one of functions) {
    const module = functionIdentifier(one.file.name).toLowerCase();
    groups.set(module, [...(groups.get(module) ?? []), one]);
  }
  const single: SourceFunction[] = [];
  const doubles: SourceFailure[] = [];
  for (const group of groups.values()) {
    if (group.length === 1) {
      single.push(...group);
      continue;
    }
    const all = group.map(({ path, file }) => `${file.name} in ${path}`).join(", ");
    for (const { path, source, file } of group) {
      const error = new FuzzError(
        `${path}: ${file.name} can't have a module of its own: the same one is of ${all}`,
        { code: "FUZZ_NAME_TAKEN", hint: "Rename all but one of them." },
      );
      doubles.push({ source, error });
    }
  }
  return { single: single.sort((a, b) => (a.file.name < b.file.name ? -1 : 1)), doubles };
}
