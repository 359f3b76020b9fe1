import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { writeProgram } from "@fuzzc/program";
import { nameError } from "../name-error.ts";
import type { SharedModels } from "../share-models.ts";
import { writeFileAtomically } from "../write-file-atomically.ts";
import { buildKey } from "./build-key.ts";
import { type BuildSetup, compileSource } from "./compile-source.ts";
import { findFuzzFiles } from "./find-fuzz-files.ts";
import { type Lock, makeEntry, readLock, writeLock } from "./lock-file.ts";
import { readSources, type SourceFunction, type Sources } from "./read-sources.ts";
import { renderIndex, renderModule } from "./render-module.ts";
import { renderScope } from "./render-scope.ts";
import { findChanged, findStale, writeModule } from "./write-module.ts";

export interface BuildOptions extends BuildSetup {
  /** Files and folders that have `*.fuzz.yaml`. */
  paths: readonly string[];
  /** The folder that is built into. */
  out: string;
  /** Only says what is stale: nothing is compiled and nothing written. */
  check?: boolean | undefined;
}

/** What became of one function, or of the index of them all. */
export type BuildOutcome =
  | { state: "unchanged" | "removed" | "written"; name: string; source: string }
  | {
      state: "compiled";
      name: string;
      source: string;
      path: string;
      bytes: number;
      summary: string;
    }
  | { state: "stale"; name: string; source: string; reason: string }
  | { state: "failed"; source: string; error: unknown };

/** A build under way. */
interface Build extends BuildOptions {
  lockPath: string;
  lock: Lock;
  /** They stay open for the functions that follow. */
  models: SharedModels[];
}

/**
 * Compiles the functions that have changed and writes, for each, its program and a typed module into the `out` folder, an
 * index of them all, a package.json where the project's own says CommonJS, and `fuzzc.lock` beside the folder. Files of
 * functions that are gone are removed. What is wrong with one file or function is an outcome, and the others go on.
 * Building again changes nothing.
 * @throws FuzzError FUZZ_FILE_NOT_FOUND, FUZZ_LOCK_INVALID, FUZZ_CANCELLED
 */
export async function* buildFunctions(options: BuildOptions): AsyncGenerator<BuildOutcome> {
  const { out, check, signal } = options;
  const lockPath = join(dirname(out), "fuzzc.lock");
  const lock = await readLock(lockPath, basename(resolve(out)));
  const sources = await readSources(await findFuzzFiles(options.paths), dirname(out));
  for (const failure of sources.failures) {
    yield { state: "failed", ...failure };
  }
  const build: Build = { ...options, lockPath, lock, models: [] };
  try {
    for (const one of sources.functions) {
      try {
        yield await buildOne(one, build);
      } catch (error) {
        if (signal?.aborted) {
          throw error;
        }
        yield {
          state: "failed",
          source: one.source,
          error: nameError(error, `${one.path}: ${one.file.name}`),
        };
      }
    }
  } finally {
    for (const models of build.models) {
      await models[Symbol.asyncDispose]();
    }
  }
  yield* removeGone(sources, build);
  const names = new Set(Object.keys(lock.functions));
  const scope = await renderScope(out);
  if (!check) {
    await writeLock(lockPath, lock);
    await writeModule(out, { ...renderIndex([...names]), ...scope });
    return;
  }
  for (const { file } of sources.functions) {
    names.add(file.name);
  }
  const changed = await findChanged(out, { ...renderIndex([...names]), ...scope });
  if (changed !== undefined) {
    yield { state: "stale", name: "index", source: ".", reason: changed };
  }
}

async function buildOne(one: SourceFunction, build: Build): Promise<BuildOutcome> {
  const { source, file } = one;
  const { name } = file;
  const { out, check, lock, lockPath } = build;
  const known = lock.functions[name];
  const key = await buildKey(file);
  const module = renderModule(file, source);
  const stale = await findStale({ out, name, key, known, module });
  if (stale === undefined && known?.source === source) {
    return { state: "unchanged", name, source };
  }
  if (check) {
    return { state: "stale", name, source, reason: stale?.why ?? "its file has moved" };
  }
  await writeModule(out, module);
  if (known !== undefined && stale?.what !== "program") {
    lock.functions[name] = { ...known, source };
    return { state: "written", name, source };
  }
  const { program, summary } = await compileSource(file, build);
  const path = join(out, `${name}.paw`);
  const bytes = await writeProgram(program);
  await writeFileAtomically(path, bytes);
  lock.functions[name] = await makeEntry({ source, key, program, bytes });
  // After each one, so that a build that is stopped is known as far as it came.
  await writeLock(lockPath, lock);
  return { state: "compiled", name, source, path, bytes: bytes.length, summary };
}

/** Functions whose file was read and has them no longer, or is not there any more. */
async function* removeGone(
  { functions, read }: Sources,
  { out, check, lock }: Build,
): AsyncGenerator<BuildOutcome> {
  const names = new Set(functions.map(({ file }) => file.name));
  for (const [name, { source }] of Object.entries(lock.functions)) {
    const isGone = read.has(source) || !existsSync(join(dirname(out), source));
    if (names.has(name) || !isGone) {
      continue;
    }
    delete lock.functions[name];
    if (check) {
      yield { state: "stale", name, source, reason: "it is gone" };
      continue;
    }
    for (const ending of ["paw", "js", "d.ts"]) {
      await rm(join(out, `${name}.${ending}`), { force: true });
    }
    yield { state: "removed", name, source };
  }
}
