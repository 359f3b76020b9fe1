import { type FSWatcher, watch } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { FuzzError } from "@fuzzc/program";

/** An editor that saves makes several events, and a person may save several files. */
const quietMs = 150;

/**
 * Watches files, and their folders for new `*.fuzz.yaml` and data. A change is never lost: one that comes while nobody
 * waits is told to the next who does.
 */
export class FileWatcher implements Disposable {
  /** By folder: editors replace a file by another one, which ends the watching of the file itself. */
  readonly #folders = new Map<string, FSWatcher>();
  #files = new Set<string>();
  #hasChanged = false;
  #timer: NodeJS.Timeout | undefined;
  #wake: (() => void) | undefined;

  /**
   * Watches these files from now on, and no others.
   * @throws FuzzError FUZZ_WATCH_FAILED where the system allows no more
   */
  watch(files: Iterable<string>): void {
    this.#files = new Set([...files].map((file) => resolve(file)));
    const wanted = new Set([...this.#files].map((file) => dirname(file)));
    for (const folder of this.#folders.keys()) {
      if (!wanted.has(folder)) {
        this.#drop(folder);
      }
    }
    for (const folder of wanted) {
      if (!this.#folders.has(folder)) {
        this.#add(folder);
      }
    }
  }

  /** Waits until something has changed since it was last asked, and then no more for a moment; or for the signal. */
  async change(signal: AbortSignal): Promise<void> {
    if (!this.#hasChanged && !signal.aborted) {
      await new Promise<void>((done) => {
        this.#wake = done;
        signal.addEventListener("abort", () => done(), { once: true });
      });
      this.#wake = undefined;
    }
    this.#hasChanged = false;
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    for (const folder of this.#folders.keys()) {
      this.#drop(folder);
    }
  }

  #add(folder: string): void {
    try {
      const watcher = watch(folder, (_, name) => {
        if (name === null || this.#concerns(resolve(folder, basename(name)))) {
          this.#note();
        }
      });
      // A folder that is removed while it is watched is found missing when the files are read.
      watcher.on("error", () => {
        this.#drop(folder);
        this.#note();
      });
      this.#folders.set(folder, watcher);
    } catch (cause) {
      // Reading its files says that it is not there.
      if ((cause as NodeJS.ErrnoException).code !== "ENOENT") {
        throw new FuzzError(`${folder} can't be watched: ${(cause as Error).message}`, {
          code: "FUZZ_WATCH_FAILED",
          kind: "resource",
          hint: "Allow more watched files (fs.inotify.max_user_watches on Linux), or watch fewer.",
          cause,
        });
      }
    }
  }

  #concerns(path: string): boolean {
    return this.#files.has(path) || /\.(fuzz\.ya?ml|csv|jsonl|ndjson)$/i.test(path);
  }

  #note(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#hasChanged = true;
      this.#wake?.();
    }, quietMs);
  }

  #drop(folder: string): void {
    this.#folders.get(folder)?.close();
    this.#folders.delete(folder);
  }
}
