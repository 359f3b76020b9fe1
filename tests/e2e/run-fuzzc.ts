import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const entry = fileURLToPath(new URL("../../packages/fuzzc/bin/fuzzc.js", import.meta.url));

export interface Run {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  stdin?: string | Uint8Array;
  cwd?: string;
  env?: NodeJS.ProcessEnv;
}

/** Starts the built command line, as a user's shell would. */
export function startFuzzc(words: string[], { cwd, env }: RunOptions = {}): ChildProcess {
  return spawn(process.execPath, [entry, ...words], {
    ...(cwd ? { cwd } : {}),
    env: { ...process.env, ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
}

/** Runs it to its end. */
export async function runFuzzc(words: string[], options: RunOptions = {}): Promise<Run> {
  const child = startFuzzc(words, options);
  // A command that does not read its input may be gone before all of it is written.
  child.stdin?.on("error", () => {});
  child.stdin?.end(options.stdin ?? "");
  return collect(child);
}

/** What a started command prints until it ends, and how it ends. */
export async function collect(child: ChildProcess): Promise<Run> {
  const run: Run = { code: null, stdout: "", stderr: "" };
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    run.stdout += text;
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    run.stderr += text;
  });
  run.code = await new Promise((resolve) => child.on("close", resolve));
  return run;
}
