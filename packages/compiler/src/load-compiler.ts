import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type CompilerManifest,
  type CompilerWeights,
  FuzzError,
  parseJson,
  readCompilerManifest,
  readCompilerWeights,
} from "@fuzzc/program";

/** A compiler in memory: what it is, and its weights as float32. */
export interface Compiler {
  manifest: CompilerManifest;
  weights: CompilerWeights;
}

/**
 * Reads a compiler from its folder (`manifest.json` and the weights it names, checked by sha256).
 *
 * @throws FuzzError FUZZ_COMPILER_MISSING when a file can't be read, FUZZ_COMPILER_INVALID when the
 * files are not a compiler or don't belong together
 */
export async function loadCompiler(folder: string): Promise<Compiler> {
  const text = new TextDecoder().decode(await readPart(join(folder, "manifest.json")));
  const manifest = readCompilerManifest(parseJson(text, "The compiler's manifest.json"));
  const bytes = await readPart(join(folder, manifest.weights.file));
  return { manifest, weights: await readCompilerWeights(bytes, manifest) };
}

async function readPart(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new FuzzError(`The compiler can't be read: ${path}`, {
      code: "FUZZ_COMPILER_MISSING",
      kind: "resource",
      hint: "Install fuzzc again; its compiler comes with the package @fuzzc/smol.",
      cause,
    });
  }
}
