import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { SourceFailure, throwIfAborted } from "./errors.ts";
import { type DownloaderOptions, runDownloader } from "./run-downloader.ts";

const plugin = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1";

/** The way to start Maven. */
export function mavenCommand(platform: NodeJS.Platform = process.platform): string[] {
  // Windows does not start a .cmd file by itself.
  return platform === "win32" ? ["cmd.exe", "/d", "/c", "mvn.cmd"] : ["mvn"];
}

/**
 * Has Maven copy the jar of one artifact into `folder` (which must exist and be empty) and returns its path. The
 * user's settings, mirrors and local repository hold: what was fetched before is not fetched again.
 * @param artifact group:artifact:version
 * @throws SourceFailure when there is no Maven, or it can't get the artifact; FuzzError FUZZ_CANCELLED.
 */
export async function downloadArtifact(
  artifact: string,
  folder: string,
  options: DownloaderOptions,
): Promise<string> {
  const words = [
    ...mavenCommand(),
    ...["--batch-mode", "--no-transfer-progress"],
    // Else Maven remembers for a day that an artifact could not be had.
    "--update-snapshots",
    // The folder, which it is started in: no path has to pass a shell.
    ...[`${plugin}:copy`, `-Dartifact=${artifact}:jar`, "-DoutputDirectory=."],
  ];
  const reason = await runDownloader(words, folder, mavenReason, options);
  throwIfAborted(options.signal);
  if (reason !== undefined) {
    throw new SourceFailure(`mvn: ${reason}`);
  }
  const jar = (await readdir(folder)).find((name) => name.endsWith(".jar"));
  if (jar === undefined) {
    throw new SourceFailure("mvn: it left no jar");
  }
  return join(folder, jar);
}

/** The first line of Maven's that is an error, without what was run; else its first line. */
function mavenReason(lines: readonly string[]): string | undefined {
  const line = lines.find((each) => each.startsWith("[ERROR]")) ?? lines[0];
  return line
    ?.replace(/^\[ERROR\] (Failed to execute goal .+? on project \S+: )?/, "")
    .replace(/ -> \[Help 1\]$/, "");
}
