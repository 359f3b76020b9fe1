import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { type Compiler, loadCompiler } from "@fuzzc/compiler";
import { type CompilerManifest, FuzzError, parseJson, readCompilerManifest } from "@fuzzc/program";

/** The folder of the compiler that comes with fuzzc. */
export function compilerFolder(): string {
  try {
    return dirname(createRequire(import.meta.url).resolve("@fuzzc/smol/manifest.json"));
  } catch (cause) {
    throw missing(cause);
  }
}

/**
 * What the default compiler is; quick, for whoever doesn't need its weights.
 * @throws FuzzError FUZZ_COMPILER_MISSING, FUZZ_COMPILER_INVALID
 */
export async function readDefaultManifest(): Promise<CompilerManifest> {
  const path = `${compilerFolder()}/manifest.json`;
  const text = await readFile(path, "utf8").catch((cause) => {
    throw missing(cause);
  });
  return readCompilerManifest(parseJson(text, "The compiler's manifest.json"));
}

let loading: Promise<Compiler> | undefined;

/**
 * The default compiler, read once a process.
 * @throws FuzzError FUZZ_COMPILER_MISSING, FUZZ_COMPILER_INVALID
 */
export function loadDefaultCompiler(): Promise<Compiler> {
  loading ??= loadCompiler(compilerFolder()).catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

function missing(cause: unknown): FuzzError {
  return new FuzzError("The compiler @fuzzc/smol is not installed", {
    code: "FUZZ_COMPILER_MISSING",
    kind: "resource",
    hint: "Install fuzzc again.",
    cause,
  });
}
