import { createHash } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import {
  type CompileReport,
  type CompileRequest,
  compileProgram,
  type OptimisationLevel,
} from "@fuzzc/compiler";
import { engineVersion } from "@fuzzc/llama";
import { cacheFolder, withLock } from "@fuzzc/models";
import { type Program, readProgram, writeProgram } from "@fuzzc/program";
import { keepAdapter } from "./adapter-of.ts";
import { compilerKey, findCompiler, noCompiler } from "./find-compiler.ts";
import type { OnFuzzyProgress } from "./progress.ts";
import type { SharedModels } from "./share-models.ts";
import { version } from "./version.ts";
import { writeFileAtomically } from "./write-file-atomically.ts";

export interface CompileCachedOptions {
  models: SharedModels;
  /** A compiler's name, the path of its folder, or `noCompiler`. */
  compiler?: string | undefined;
  level?: OptimisationLevel | undefined;
  /** How long -O2 may train. */
  minutes?: number | undefined;
  signal?: AbortSignal | undefined;
  /** Ends a training, whose best so far is taken; such a program is not kept in the cache. */
  stop?: AbortSignal | undefined;
  onProgress?: OnFuzzyProgress | undefined;
}

export interface CachedProgram {
  program: Program;
  /** What the compile measured. */
  report: CompileReport;
  /** False when it came out of the cache. */
  fresh: boolean;
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
  const { models, compiler, level, minutes, stop, onProgress } = options;
  const { kind, language, encoder } = models;
  const name = request.name ?? "the function";
  const path = join(cacheFolder(), "programs", await cacheKey(request, options));
  // A compile that was killed in a training goes on from here.
  const checkpoints = `${path}.training`;
  const cached = await readCached(path);
  if (cached !== undefined) {
    return cached;
  }
  return withLock(
    path,
    async (signal) => {
      // Somebody else may have compiled it while this call waited.
      const made = await readCached(path);
      if (made !== undefined) {
        return made;
      }
      const { program, adapter, report } = await compileProgram(request, {
        ...(language && {
          compiler: compiler === noCompiler ? null : await findCompiler(compiler),
          interpreter: await language.open(),
        }),
        encoder: await encoder?.open(),
        kind,
        ...(level ? { level } : {}),
        training: { ...(minutes ? { minutes } : {}), ...(stop ? { stop } : {}), checkpoints },
        signal,
        onProgress: (progress) => onProgress?.({ phase: "compile", name, ...progress }),
      });
      // A trained program holds its adapter itself.
      if (adapter !== null && program.meta.adapter.form === "thin") {
        await keepAdapter(program, adapter);
      }
      if (!stop?.aborted) {
        await writeFileAtomically(`${path}.json`, Buffer.from(JSON.stringify(report)));
        await writeFileAtomically(`${path}.paw`, await writeProgram(program));
      }
      await rm(checkpoints, { recursive: true, force: true });
      return { program, report, fresh: true };
    },
    {
      signal: options.signal,
      onWait: () => onProgress?.({ phase: "wait", name, bytes: 0 }),
    },
  );
}

/** Everything that has a say in a program's bytes. */
async function cacheKey(
  request: CompileRequest,
  { models, compiler, level, minutes }: CompileCachedOptions,
): Promise<string> {
  const { spec, output, examples = [], otherwise, name, minProbability, inputs } = request;
  const ready = [models.language, models.encoder].map((one) => one?.model);
  const parts = [
    [version, engineVersion, await compilerKey(compiler)],
    ready.map((model) => (model ? [model.sourceSha256, model.quantisation] : [])),
    [spec, output, examples.map(({ input, output }) => [input, output])],
    // Left out and null are not the same.
    [
      level ?? null,
      minutes ?? null,
      name ?? null,
      inputs ?? null,
      minProbability ?? null,
      otherwise === undefined ? [] : [otherwise],
    ],
  ];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
}

/** A damaged file in the cache is as good as none. */
async function readCached(path: string): Promise<CachedProgram | undefined> {
  try {
    const program = await readProgram(await readFile(`${path}.paw`));
    const report = JSON.parse(await readFile(`${path}.json`, "utf8")) as CompileReport;
    return { program, report, fresh: false };
  } catch {
    return undefined;
  }
}
