import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, resolve } from "node:path";
import { type Compiler, loadCompiler } from "@fuzzc/compiler";
import { type CompilerManifest, FuzzError, parseJson, readCompilerManifest } from "@fuzzc/program";

/** The compiler that comes with fuzzc. */
const defaultCompiler = "smol";

/** In the place of a compiler's name: from scratch, on any base model. */
export const noCompiler = "none";

/**
 * The folder of a compiler.
 * @param word its name, that of the package `@fuzzc/NAME`, or the path of its folder, which has a slash in it.
 * @throws FuzzError FUZZ_COMPILER_MISSING
 */
export function compilerFolder(word: string = defaultCompiler): string {
  if (/[/\\]/.test(word)) {
    return resolve(word);
  }
  try {
    return dirname(createRequire(import.meta.url).resolve(`@fuzzc/${word}/manifest.json`));
  } catch (cause) {
    throw missing(word, cause);
  }
}

/**
 * What a compiler is; quick, for whoever doesn't need its weights.
 * @param word as `compilerFolder` takes it.
 * @throws FuzzError FUZZ_COMPILER_MISSING, FUZZ_COMPILER_INVALID
 */
export async function readManifest(word: string = defaultCompiler): Promise<CompilerManifest> {
  const path = `${compilerFolder(word)}/manifest.json`;
  const text = await readFile(path, "utf8").catch((cause) => {
    throw missing(word, cause);
  });
  return readCompilerManifest(parseJson(text, "The compiler's manifest.json"));
}

/**
 * What tells compilers apart: the checksum of the weights, hex.
 * @param word as `compilerFolder` takes it, or `noCompiler`.
 * @throws FuzzError FUZZ_COMPILER_MISSING, FUZZ_COMPILER_INVALID
 */
export async function compilerKey(word?: string): Promise<string> {
  return word === noCompiler ? noCompiler : (await readManifest(word)).weights.sha256;
}

const loading = new Map<string, Promise<Compiler>>();

/**
 * A compiler, read once a process.
 * @param word as `compilerFolder` takes it.
 * @throws FuzzError FUZZ_COMPILER_MISSING, FUZZ_COMPILER_INVALID
 */
export function findCompiler(word?: string): Promise<Compiler> {
  const folder = compilerFolder(word);
  const compiler =
    loading.get(folder) ??
    loadCompiler(folder).catch((error) => {
      loading.delete(folder);
      throw error;
    });
  loading.set(folder, compiler);
  return compiler;
}

function missing(word: string, cause: unknown): FuzzError {
  const isOwn = word === defaultCompiler;
  return new FuzzError(`The compiler ${isOwn ? "@fuzzc/smol" : word} is not installed`, {
    code: "FUZZ_COMPILER_MISSING",
    kind: "resource",
    hint: isOwn
      ? "Install fuzzc again."
      : "Name an installed compiler, or the path of its folder: ./my-compiler",
    cause,
  });
}
