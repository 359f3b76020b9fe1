import { existsSync } from "node:fs";
import { basename } from "node:path";
import type { CompileReport, OptimisationLevel } from "@fuzzc/compiler";
import { FuzzError, type FuzzyInput, type JsonValue } from "@fuzzc/program";
import { fuzzy } from "./fuzzy.ts";
import type { FuzzyFunction } from "./fuzzy-function.ts";
import type { FuzzyOptions } from "./fuzzy-options.ts";
import { load } from "./load.ts";
import type { OutputForm } from "./output-form.ts";
import type { FuzzFile } from "./parse-fuzz-file.ts";
import { readFuzzFile, splitAddress } from "./read-fuzz-file.ts";
import type { InterpreterKind, SetupOptions } from "./setup-options.ts";

/** What the word FILE of a command names: a compiled program, a function to compile, or its spec itself. */
export type Target =
  | { kind: "program"; path: string }
  | { kind: "source"; source: FuzzyOptions & Partial<Pick<FuzzFile, "tests">> };

export interface OpenOptions extends SetupOptions {
  level?: OptimisationLevel | undefined;
  interpreter?: InterpreterKind | undefined;
  onCompiled?: ((report: CompileReport) => void) | undefined;
}

/**
 * Finds out what FILE is: a `.paw`, a `.yaml`, or a spec, which has a space in it.
 * @param form the output of a spec; a file says its own.
 * @throws FuzzError FUZZ_FILE_NOT_FOUND, FUZZ_FILE_KIND, FUZZ_OPTION_INVALID, and what `readFuzzFile` throws
 */
export async function findTarget(word: string, form?: OutputForm): Promise<Target> {
  const { path } = splitAddress(word);
  const isSpec = !/\.(paw|ya?ml)$/i.test(path) && !existsSync(word) && /\s/.test(word.trim());
  if (!isSpec && form !== undefined) {
    throw new FuzzError("--output goes with a spec; a file says its own output", {
      code: "FUZZ_OPTION_INVALID",
    });
  }
  if (isSpec) {
    return { kind: "source", source: { spec: word, output: form } };
  }
  if (/\.paw$/i.test(word)) {
    return { kind: "program", path: word };
  }
  if (/\.ya?ml$/i.test(path)) {
    return { kind: "source", source: await readFuzzFile(word) };
  }
  const exists = existsSync(word);
  throw new FuzzError(
    exists ? `${word} is neither a .fuzz.yaml nor a .paw file` : `There is no file ${word}`,
    {
      code: exists ? "FUZZ_FILE_KIND" : "FUZZ_FILE_NOT_FOUND",
      kind: exists ? "usage" : "resource",
      hint: 'Give a *.fuzz.yaml, a .paw, or a spec in quotes: fuzzc run "Name the language of the text." "Guten Tag"',
    },
  );
}

/** The function that a target stands for, compiled if need be. */
export async function openTarget(
  target: Target,
  options: OpenOptions,
): Promise<FuzzyFunction<JsonValue, FuzzyInput>> {
  return target.kind === "program"
    ? load<JsonValue, FuzzyInput>(target.path, options)
    : ((await fuzzy({
        ...target.source,
        ...options,
        level: options.level ?? target.source.level,
      })) as FuzzyFunction<JsonValue, FuzzyInput>);
}

/** What people call a target. */
export function nameTarget(target: Target): string {
  return target.kind === "program"
    ? basename(target.path).replace(/\.paw$/i, "")
    : (target.source.name ?? "function");
}
