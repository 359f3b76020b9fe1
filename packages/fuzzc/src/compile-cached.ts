import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type CompileReport,
  type CompileRequest,
  compileProgram,
  type OptimisationLevel,
} from "@fuzzc/compiler";
import type { Interpreter, ReadyModel } from "@fuzzc/interpreter";
import { engineVersion } from "@fuzzc/llama";
import { cacheFolder, withLock } from "@fuzzc/models";
import { type Program, readProgram, writeProgram } from "@fuzzc/program";
import { loadDefaultCompiler, readDefaultManifest } from "./default-compiler.ts";
import type { OnFuzzyProgress } from "./progress.ts";
import { version } from "./version.ts";
import { writeFileAtomically } from "./write-file-atomically.ts";

export interface CompileCachedOptions {
  base: ReadyModel;
  interpreter: Interpreter;
  level?: OptimisationLevel | undefined;
  signal?: AbortSignal | undefined;
  onProgress?: OnFuzzyProgress | undefined;
}

export interface CachedProgram {
  program: Program;
  /** What the compile measured; undefined when the program came out of the cache. */
  report?: CompileReport;
}

/**
 * Compiles a function, or takes its program out of the cache, where it lies under everything it was made from.
 * Two processes don't compile the same function twice.
 * @throws FuzzError what `compileProgram`, `loadCompiler` and `withLock` throw
 */
export async function compileCached(
  request: CompileRequest,
  options: CompileCachedOptions,
): Promise<CachedProgram> {
  const { interpreter, level, signal, onProgress } = options;
  const name = request.name ?? "a function";
  const path = join(cacheFolder(), "programs", `${await cacheKey(request, options)}.paw`);
  const cached = await readCached(path);
  if (cached !== undefined) {
    return { program: cached };
  }
  return withLock(
    path,
    async (signal) => {
      // Somebody else may have compiled it while this call waited.
      const made = await readCached(path);
      if (made !== undefined) {
        return { program: made };
      }
      const { program, report } = await compileProgram(request, {
        compiler: await loadDefaultCompiler(),
        interpreter,
        ...(level ? { level } : {}),
        signal,
        onProgress: (progress) => onProgress?.({ phase: "compile", name, ...progress }),
      });
      await writeFileAtomically(path, await writeProgram(program));
      return { program, report };
    },
    { signal, onWait: () => onProgress?.({ phase: "wait", name, bytes: 0 }) },
  );
}

/** Everything that has a say in a program's bytes. */
async function cacheKey(
  request: CompileRequest,
  { base, level }: CompileCachedOptions,
): Promise<string> {
  const { weights } = await readDefaultManifest();
  const { spec, output, examples = [], otherwise, name, minProbability } = request;
  const parts = [
    [version, engineVersion, weights.sha256, base.sourceSha256, base.quantisation],
    [spec, output, examples.map(({ input, output }) => [input, output])],
    // Left out and null are not the same.
    [
      level ?? null,
      name ?? null,
      minProbability ?? null,
      otherwise === undefined ? [] : [otherwise],
    ],
  ];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
}

/** A damaged file in the cache is as good as none. */
async function readCached(path: string): Promise<Program | undefined> {
  try {
    return await readProgram(await readFile(path));
  } catch {
    return undefined;
  }
}
