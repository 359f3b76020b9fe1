import { type FileHandle, open } from "node:fs/promises";
import { configure, Reader, ZipReader } from "@zip.js/zip.js";
import { SourceFailure, throwIfAborted } from "./errors.ts";
import type { PartFile } from "./part-file.ts";

// No web workers in Node.
configure({ useWebWorkers: false });

class FileReader extends Reader<FileHandle> {
  readonly #file: FileHandle;

  constructor(file: FileHandle) {
    super(file);
    this.#file = file;
  }

  override async init(): Promise<void> {
    this.size = (await this.#file.stat()).size;
  }

  override async readUint8Array(index: number, length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(Math.min(length, this.size - index));
    const { bytesRead } = await this.#file.read(bytes, 0, bytes.length, index);
    return bytes.subarray(0, bytesRead);
  }
}

/**
 * Streams one member of a zip file into `part`. The member is taken only if it has exactly the size it should have, so
 * a zip that expands without end does no harm.
 * @throws SourceFailure when the zip is damaged, or has no such member of that size and sha256.
 */
export async function unpackMember(
  zipPath: string,
  member: string,
  part: PartFile,
  options: {
    sizeBytes: number;
    sha256: string;
    signal?: AbortSignal | undefined;
    onBytes?: ((bytes: number) => void) | undefined;
  },
): Promise<void> {
  await using file = await open(zipPath);
  const zip = new ZipReader(new FileReader(file));
  let failure: unknown;
  try {
    const entry = (await zip.getEntries()).find((each) => each.filename === member);
    if (entry === undefined || entry.directory) {
      throw new SourceFailure(`the package has no ${member}`);
    }
    if (entry.uncompressedSize !== options.sizeBytes) {
      throw new SourceFailure(
        `${member} has ${entry.uncompressedSize} bytes, not ${options.sizeBytes}`,
      );
    }
    const sink = new WritableStream<Uint8Array>({
      async write(chunk) {
        try {
          throwIfAborted(options.signal);
          if (part.sizeBytes + chunk.length > options.sizeBytes) {
            throw new SourceFailure(`${member} is larger than it says`);
          }
          await part.append(chunk);
          options.onBytes?.(part.sizeBytes);
        } catch (error) {
          failure = error;
          throw error;
        }
      },
    });
    await entry.getData(sink);
  } catch (error) {
    // What our own sink threw, rather than what the library made of it.
    const cause = failure ?? error;
    throw cause === error && !(error instanceof SourceFailure)
      ? new SourceFailure(`the package is not a whole zip file: ${(error as Error).message}`, error)
      : cause;
  } finally {
    await zip.close();
  }
  if (part.digest() !== options.sha256) {
    throw new SourceFailure(`${member} has the sha256 ${part.digest()}, not ${options.sha256}`);
  }
}
