import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { throwIfAborted } from "./errors.ts";

export interface HashOptions {
  signal?: AbortSignal | undefined;
  /** Called with the bytes read so far. */
  onBytes?: ((bytes: number) => void) | undefined;
  /** Takes the bytes, for a caller that goes on with it. */
  hash?: Hash | undefined;
}

/**
 * The sha256 of a file, in hex.
 * @throws FuzzError FUZZ_CANCELLED; Node's own errors when the file can't be read.
 */
export async function hashFile(path: string, options: HashOptions = {}): Promise<string> {
  const hash = options.hash ?? createHash("sha256");
  let bytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    throwIfAborted(options.signal);
    hash.update(chunk as Uint8Array);
    bytes += (chunk as Uint8Array).length;
    options.onBytes?.(bytes);
  }
  return hash.copy().digest("hex");
}
