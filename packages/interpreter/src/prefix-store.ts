import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { decodeState, encodeState } from "@fuzzc/llama";

/** States take about 23 kB a token: when the folder is larger than this, the longest unused go. */
const maxFolderBytes = 512 * 1024 ** 2;
const suffix = ".state";

/** Saved states of prefixes on disk. A cache: what can't be read or written is as if it were not there. */
export class PrefixStore {
  readonly #folder: string;
  readonly #maxBytes: number;
  readonly #writes = new Set<Promise<void>>();

  constructor(folder: string, maxBytes = maxFolderBytes) {
    this.#folder = folder;
    this.#maxBytes = maxBytes;
  }

  /** The state saved under `key` and its number of tokens; undefined when there is none that is whole. */
  async read(key: string): Promise<{ payload: Uint8Array; tokens: number } | undefined> {
    const path = this.#path(key);
    try {
      const state = decodeState(await readFile(path), key);
      const now = new Date();
      await utimes(path, now, now).catch(() => undefined);
      return state;
    } catch {
      return undefined;
    }
  }

  /** Saves a state in the background; `close` waits for it. */
  write(key: string, tokens: number, payload: Uint8Array): void {
    const write = this.#write(key, tokens, payload).catch(() => undefined);
    this.#writes.add(write);
    write.finally(() => this.#writes.delete(write));
  }

  /** Forgets a state that turned out not to fit. */
  async remove(key: string): Promise<void> {
    await rm(this.#path(key), { force: true }).catch(() => undefined);
  }

  async close(): Promise<void> {
    await Promise.all(this.#writes);
  }

  async #write(key: string, tokens: number, payload: Uint8Array): Promise<void> {
    // Hashing takes some milliseconds, which the answer that is under way shall not wait for.
    await new Promise(setImmediate);
    const bytes = encodeState({ key, tokens, payload });
    await mkdir(this.#folder, { recursive: true });
    await this.#makeRoom(bytes.length);
    const draft = join(this.#folder, `${key}.${randomUUID()}.draft`);
    try {
      // A state holds what the prompt says, so it is for this user only.
      await writeFile(draft, bytes, { mode: 0o600 });
      await rename(draft, this.#path(key));
    } finally {
      await rm(draft, { force: true });
    }
  }

  async #makeRoom(sizeBytes: number): Promise<void> {
    const names = await readdir(this.#folder);
    const files = await Promise.all(
      names.map(async (name) => {
        const path = join(this.#folder, name);
        const file = await stat(path).catch(() => undefined);
        return { path, size: file?.size ?? 0, usedMs: file?.mtimeMs ?? 0 };
      }),
    );
    let total = files.reduce((sum, { size }) => sum + size, sizeBytes);
    for (const { path, size } of files.sort((a, b) => a.usedMs - b.usedMs)) {
      if (total <= this.#maxBytes) {
        return;
      }
      await rm(path, { force: true });
      total -= size;
    }
  }

  #path(key: string): string {
    return join(this.#folder, `${key}${suffix}`);
  }
}
