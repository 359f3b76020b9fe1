import { mkdir, rm, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { FuzzError } from "@fuzzc/program";
import { cacheFolder } from "./cache-folder.ts";
import { type BaseModel, catalogue, findBaseModel, hubUrl, type Source } from "./catalogue.ts";
import type { Patience } from "./download-file.ts";
import { diskError, SourceFailure, throwIfAborted } from "./errors.ts";
import { fetchFromHub } from "./fetch-from-hub.ts";
import { fetchFromMaven } from "./fetch-from-maven.ts";
import { fetchFromPip } from "./fetch-from-pip.ts";
import { isOffline } from "./is-offline.ts";
import { knownHash } from "./known-hash.ts";
import type { OnProgress } from "./progress.ts";
import { withLock } from "./with-lock.ts";

export interface ResolveOptions {
  /** Fetch nothing: only a path or the cache. Default: what `FUZZC_OFFLINE` says. */
  offline?: boolean | undefined;
  onProgress?: OnProgress | undefined;
  signal?: AbortSignal | undefined;
  /** Where to fetch from, in order. Default: the hub, then pip, then Maven, as far as they have it. */
  sources?: readonly Source[] | undefined;
  /** The models that names stand for. Default: those of this release. */
  catalogue?: readonly BaseModel[] | undefined;
  /** Default: the process's. */
  env?: NodeJS.ProcessEnv | undefined;
  patience?: Partial<Patience> | undefined;
}

export interface ResolvedModel {
  name: string;
  path: string;
  /** Hex. */
  sha256: string;
  sizeBytes: number;
  origin: "path" | "cache" | Source;
}

const allSources: readonly Source[] = ["hub", "pip", "maven"];
const fetchFrom = { hub: fetchFromHub, pip: fetchFromPip, maven: fetchFromMaven };

/** Where a model of the catalogue lies in the cache, whether it is there or not. */
export function modelPath(model: BaseModel, env: NodeJS.ProcessEnv = process.env): string {
  return join(cacheFolder(env), "models", model.sha256.slice(0, 12), model.file);
}

/** Where a companion of a model of the catalogue lies. */
export function companionPath(model: BaseModel, file: string, env?: NodeJS.ProcessEnv): string {
  return join(dirname(modelPath(model, env)), file);
}

/**
 * The file of a base model: a path is taken as it is; a name of the catalogue comes out of the cache, or is fetched
 * into it once, from the hub or else with pip or Maven, and checked. Two processes don't fetch the same file twice.
 * @throws FuzzError FUZZ_UNKNOWN_MODEL, FUZZ_MODEL_NOT_FOUND (a path), FUZZ_MODEL_UNAVAILABLE (naming all that was
 * tried), FUZZ_CANCELLED, FUZZ_DISK_FULL, FUZZ_CACHE_UNWRITABLE, FUZZ_LOCK_LOST.
 */
export async function resolveBaseModel(
  nameOrPath: string,
  options: ResolveOptions = {},
): Promise<ResolvedModel> {
  const models = options.catalogue ?? catalogue;
  const isName = models.some((model) => model.name === nameOrPath);
  if (!isName && (/[\\/]/.test(nameOrPath) || /\.gguf$/i.test(nameOrPath))) {
    return resolvePath(nameOrPath, options);
  }
  const model = findBaseModel(nameOrPath, models);
  const path = modelPath(model, options.env);
  const found = { name: model.name, path, sha256: model.sha256, sizeBytes: model.sizeBytes };
  const attempts: string[] = [];
  if (await isInCache(model, path, options, attempts)) {
    return { ...found, origin: "cache" };
  }
  if (options.offline ?? isOffline(options.env)) {
    attempts.push("the network: not allowed (--offline or FUZZC_OFFLINE)");
    throw unavailable(model, path, attempts, []);
  }
  const origin = await withLock(
    path,
    (signal) => fetchModel(model, path, { ...options, signal }, attempts),
    {
      signal: options.signal,
      onWait: () => options.onProgress?.({ phase: "wait", name: model.name, bytes: 0 }),
    },
  );
  return { ...found, origin };
}

async function resolvePath(given: string, options: ResolveOptions): Promise<ResolvedModel> {
  const path = resolve(given);
  const file = await stat(path).catch((cause) => {
    throw notFound(given, "is not there", cause);
  });
  if (!file.isFile()) {
    throw notFound(given, "is not a file");
  }
  const sha256 = await hashWithProgress(path, basename(path), file.size, options).catch((cause) => {
    throw FuzzError.isInstance(cause) ? cause : notFound(given, "can't be read", cause);
  });
  const known = (options.catalogue ?? catalogue).find((model) => model.sha256 === sha256);
  const name = known?.name ?? basename(path).replace(/\.gguf$/i, "");
  return { name, path, sha256, sizeBytes: file.size, origin: "path" };
}

async function isInCache(
  model: BaseModel,
  path: string,
  options: ResolveOptions,
  attempts: string[],
): Promise<boolean> {
  const companions = (model.companions ?? []).map((companion) => ({
    ...companion,
    at: join(dirname(path), companion.file),
  }));
  for (const { at, sizeBytes, sha256 } of [{ ...model, at: path }, ...companions]) {
    const file = await stat(at).catch(() => undefined);
    if (file === undefined) {
      attempts.push(`the cache: ${at} is not there`);
      return false;
    }
    const isWhole =
      file.size === sizeBytes &&
      (await hashWithProgress(at, model.name, file.size, options)) === sha256;
    if (!isWhole) {
      attempts.push(`the cache: ${at} is damaged`);
      return false;
    }
  }
  return true;
}

function hashWithProgress(
  path: string,
  name: string,
  total: number,
  { env, signal, onProgress }: ResolveOptions,
): Promise<string> {
  return knownHash(path, {
    cache: cacheFolder(env),
    signal,
    onBytes: (bytes) => onProgress?.({ phase: "verify", name, bytes, total }),
  });
}

/** Under the lock: tries each source in turn. */
async function fetchModel(
  model: BaseModel,
  path: string,
  options: ResolveOptions & { signal: AbortSignal },
  attempts: string[],
): Promise<ResolvedModel["origin"]> {
  // Somebody else may have fetched it while this call waited.
  if (await isInCache(model, path, options, [])) {
    return "cache";
  }
  const env = options.env ?? process.env;
  await mkdir(dirname(path), { recursive: true }).catch((cause) => {
    throw diskError(dirname(path), cause);
  });
  await rm(path, { force: true });
  const causes: unknown[] = [];
  const having = allSources.filter((source) => model[source] !== undefined);
  for (const source of options.sources ?? having) {
    try {
      await fetchFrom[source](model, path, { ...options, env });
      for (const { file } of [...(model.companions ?? []), { file: basename(path) }]) {
        await rm(join(dirname(path), `${file}.part`), { force: true });
      }
      return source;
    } catch (error) {
      throwIfAborted(options.signal);
      if (!(error instanceof SourceFailure)) {
        throw error;
      }
      attempts.push(`${describeSource(model, source, env)}: ${error.message}`);
      causes.push(error);
    }
  }
  throw unavailable(model, path, attempts, causes);
}

function describeSource(model: BaseModel, source: Source, env: NodeJS.ProcessEnv): string {
  if (source === "hub") {
    return `the hub, ${hubUrl(model, env)}`;
  }
  if (source === "pip") {
    return model.pip ? `pip, ${model.pip.package}==${model.pip.version}` : "pip";
  }
  return model.maven ? `Maven, ${model.maven.artifact}` : "Maven";
}

function unavailable(
  model: BaseModel,
  path: string,
  attempts: string[],
  causes: unknown[],
): FuzzError {
  const files = [model, ...(model.companions ?? [])].map(({ file }) => file).join(" and ");
  const lines = attempts.map((attempt) => `\n  ${attempt}`).join("");
  return new FuzzError(`Cannot get the base model ${model.name}. Tried:${lines}`, {
    code: "FUZZ_MODEL_UNAVAILABLE",
    kind: "resource",
    hint: `Run "fuzzc models pull ${model.name}" where there is a network, or put ${files} into ${dirname(path)} yourself.`,
    ...(causes.length > 0 ? { cause: new AggregateError(causes, "No source had it") } : {}),
  });
}

function notFound(path: string, what: string, cause?: unknown): FuzzError {
  return new FuzzError(`The base model ${path} ${what}`, {
    code: "FUZZ_MODEL_NOT_FOUND",
    kind: "resource",
    hint: "Give the path of a GGUF file, or a name that fuzzc models lists.",
    cause,
  });
}
