import { createHash } from "node:crypto";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { diskError } from "./errors.ts";
import { hashFile } from "./hash-file.ts";

/** A file that is being fetched, with the sha256 of what it holds so far. One writer at a time. */
export class PartFile implements AsyncDisposable {
  readonly path: string;
  sizeBytes = 0;
  readonly #handle: FileHandle;
  #hash = createHash("sha256");

  private constructor(path: string, handle: FileHandle) {
    this.path = path;
    this.#handle = handle;
  }

  /** Opens the file with what an earlier attempt left in it; a file longer than `limitBytes` starts over. */
  static async open(path: string, limitBytes: number, signal?: AbortSignal): Promise<PartFile> {
    const handle = await open(path, "a+").catch((cause) => {
      throw diskError(path, cause);
    });
    const part = new PartFile(path, handle);
    try {
      const { size } = await handle.stat();
      if (size > limitBytes) {
        await part.restart();
      } else if (size > 0) {
        await hashFile(path, { signal, hash: part.#hash });
        part.sizeBytes = size;
      }
      return part;
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  async append(bytes: Uint8Array): Promise<void> {
    try {
      // Opened for appending, so each write lands at the end; a short write goes on with the rest.
      for (let done = 0; done < bytes.length; ) {
        done += (await this.#handle.write(bytes, done)).bytesWritten;
      }
    } catch (cause) {
      throw diskError(this.path, cause);
    }
    this.#hash.update(bytes);
    this.sizeBytes += bytes.length;
  }

  async restart(): Promise<void> {
    await this.#handle.truncate(0);
    this.#hash = createHash("sha256");
    this.sizeBytes = 0;
  }

  /** The sha256 of the content so far, in hex. */
  digest(): string {
    return this.#hash.copy().digest("hex");
  }

  /** Moves the file to its place, in one step: nobody ever sees a part of it there. */
  async finish(target: string): Promise<void> {
    try {
      await this.#handle.sync();
      // Windows does not rename an open file.
      await this.#handle.close();
      await rename(this.path, target);
    } catch (cause) {
      throw diskError(target, cause);
    }
  }

  /** Closes the file and deletes it. */
  async discard(): Promise<void> {
    await this.#handle.close();
    await rm(this.path, { force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // A second close of a FileHandle does nothing.
    await this.#handle.close();
  }
}
