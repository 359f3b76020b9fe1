/// <reference path="./proper-lockfile.d.ts" />
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { FuzzError } from "@fuzzc/program";
import { lock } from "proper-lockfile";
import { diskError, errorCode, throwIfAborted } from "./errors.ts";

export interface LockOptions {
  signal?: AbortSignal | undefined;
  /** Called again and again while another holder has the lock. */
  onWait?: (() => void) | undefined;
}

/** A holder that died leaves its lock behind; it is taken over after this time without a sign of life. */
const staleMs = 10_000;
const updateMs = 2_000;
const pollMs = 200;

/**
 * Runs `work` while no other process, and no other call in this one, runs under the same lock.
 * Waits as long as the holder is alive. `path` need not exist; the lock is the folder `${path}.lock` beside it.
 * @param work gets a signal that fires when the lock is lost (a machine that slept) or the caller's signal does.
 * @throws FuzzError FUZZ_CANCELLED, FUZZ_LOCK_LOST, FUZZ_CACHE_UNWRITABLE, and whatever `work` throws.
 */
export async function withLock<T>(
  path: string,
  work: (signal: AbortSignal) => Promise<T>,
  options: LockOptions = {},
): Promise<T> {
  const lost = new AbortController();
  const release = await acquire(path, options, (cause) => lost.abort(lockLost(path, cause)));
  try {
    const { signal } = options;
    return await work(signal ? AbortSignal.any([lost.signal, signal]) : lost.signal);
  } finally {
    // Rejects when the lock was lost; then it is not ours to release.
    await release().catch(() => {});
  }
}

async function acquire(
  path: string,
  { signal, onWait }: LockOptions,
  onCompromised: (error: Error) => void,
): Promise<() => Promise<void>> {
  try {
    await mkdir(dirname(path), { recursive: true });
  } catch (cause) {
    throw diskError(dirname(path), cause);
  }
  for (;;) {
    throwIfAborted(signal);
    try {
      return await lock(path, { realpath: false, stale: staleMs, update: updateMs, onCompromised });
    } catch (error) {
      if (errorCode(error) !== "ELOCKED") {
        throw diskError(`${path}.lock`, error);
      }
    }
    onWait?.();
    await sleep(pollMs, undefined, signal ? { signal } : {}).catch(() => {});
  }
}

function lockLost(path: string, cause: Error): FuzzError {
  return new FuzzError(`The lock on ${path} was lost while it was in use`, {
    code: "FUZZ_LOCK_LOST",
    kind: "resource",
    hint: "The machine may have slept, or something removed the lock. Try again.",
    cause,
  });
}
