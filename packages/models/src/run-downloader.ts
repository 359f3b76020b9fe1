import { spawn } from "node:child_process";
import { readdir, stat } from "node:fs/promises";
import { resolve as absolute, join } from "node:path";
import { errorCode } from "./errors.ts";

export interface DownloaderOptions {
  env: NodeJS.ProcessEnv;
  signal?: AbortSignal | undefined;
  /** Called about twice a second with the bytes that the tool has written into its folder so far. */
  onBytes?: ((bytes: number) => void) | undefined;
}

/** The most of a tool's messages that is kept. */
const messageLimit = 8_192;

/**
 * Runs an installed tool that downloads into `folder`, which it is started in, to its end.
 * @param findReason picks, out of the lines that the tool has written, the one that says why it failed
 * @returns the reason why it failed, or undefined
 */
export function runDownloader(
  [command = "", ...words]: readonly string[],
  folder: string,
  findReason: (lines: readonly string[]) => string | undefined,
  { env, signal, onBytes }: DownloaderOptions,
): Promise<string | undefined> {
  const at = absolute(folder);
  return new Promise((resolve) => {
    const child = spawn(command, words, {
      cwd: at,
      // What a tool keeps in its temporary folder can be watched here, and is not left behind.
      env: { ...env, TMPDIR: at, TEMP: at, TMP: at },
      stdio: ["ignore", "pipe", "pipe"],
      windowsHide: true,
      ...(signal ? { signal } : {}),
    });
    const timer = setInterval(async () => onBytes?.(await folderSize(at)), 500);
    const end = (reason: string | undefined) => {
      clearInterval(timer);
      resolve(reason);
    };
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        output = (output + text).slice(-messageLimit);
      });
    }
    child.on("error", (error) => {
      // One that has started also exits, and works in the folder until then.
      if (child.pid === undefined) {
        end(errorCode(error) === "ENOENT" ? "not installed" : error.message);
      }
    });
    child.on("exit", () => {
      if (signal?.aborted) {
        end("cancelled");
      }
    });
    child.on("close", (code) => {
      const lines = output.split(/\r?\n/).filter((line) => line.trim() !== "");
      end(code === 0 ? undefined : findReason(lines)?.trim() || `it ended with exit code ${code}`);
    });
  });
}

async function folderSize(folder: string): Promise<number> {
  let bytes = 0;
  // Files come and go while the tool works.
  for (const name of await readdir(folder, { recursive: true }).catch(() => [])) {
    const entry = await stat(join(folder, name)).catch(() => undefined);
    bytes += entry?.isFile() ? entry.size : 0;
  }
  return bytes;
}
