import { mkdir, open, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { cacheFolder } from "./cache-folder.ts";
import { diskError, throwIfAborted } from "./errors.ts";
import type { OnProgress } from "./progress.ts";
import { withLock } from "./with-lock.ts";

export interface DeriveOptions {
  /** The sha256 of what it is made from, in hex. */
  sourceSha256: string;
  /** What the file is called, for people: `SmolLM2-135M-Instruct`. */
  name: string;
  /** What it is made into, with everything that has a say in its content: `.Q8_0.gguf`. */
  suffix: string;
  /** Writes the file to the path it is given. */
  make: (target: string) => Promise<void>;
  onProgress?: OnProgress | undefined;
  signal?: AbortSignal | undefined;
  env?: NodeJS.ProcessEnv | undefined;
}

/**
 * The path of a file made out of another one, made at the first call and kept in the cache under the source's checksum.
 * @throws FuzzError FUZZ_CANCELLED, FUZZ_DISK_FULL, FUZZ_CACHE_UNWRITABLE, FUZZ_LOCK_LOST, and whatever `make` throws.
 */
export async function deriveFile(options: DeriveOptions): Promise<string> {
  const { sourceSha256, name, suffix, make, onProgress, signal, env } = options;
  const folder = join(cacheFolder(env), "derived", sourceSha256.slice(0, 12));
  const target = join(folder, `${name}${suffix}`);
  if (await isFile(target)) {
    return target;
  }
  await withLock(
    target,
    async (signal) => {
      if (await isFile(target)) {
        return;
      }
      const draft = `${target}.draft`;
      onProgress?.({ phase: "derive", name, bytes: 0 });
      try {
        await mkdir(dirname(target), { recursive: true });
        await make(draft);
        throwIfAborted(signal);
        await moveIntoPlace(draft, target);
      } finally {
        await rm(draft, { force: true });
      }
    },
    { signal, onWait: () => onProgress?.({ phase: "wait", name, bytes: 0 }) },
  );
  return target;
}

async function moveIntoPlace(draft: string, target: string): Promise<void> {
  try {
    const file = await open(draft, "r+");
    try {
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, target);
  } catch (cause) {
    throw diskError(target, cause);
  }
}

async function isFile(path: string): Promise<boolean> {
  const file = await stat(path).catch(() => undefined);
  return file?.isFile() === true && file.size > 0;
}
