import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ensureBaseModel, ensureEncoder } from "@fuzzc/interpreter";
import { cacheFolder, defaultBaseModel } from "@fuzzc/models";
import { afterAll, beforeAll } from "vitest";
import { type Run, type RunOptions, runFuzzc } from "./run-fuzzc.ts";

/** A folder for the tests of a file, with a cache of its own that shares the models with the user's and fetches nothing. */
export interface TestProject {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  /** Writes a file, its folder included. */
  put(path: string, text: string): Promise<void>;
  /** Runs `fuzzc` in the folder. */
  fuzzc(words: string[], options?: RunOptions): Promise<Run>;
}

/** Makes the folder with these files in it before the tests, and removes it after them. */
export function useProject(files: Record<string, string>): TestProject {
  let folder = "";
  let env: NodeJS.ProcessEnv = {};
  const put = async (path: string, text: string) => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  };
  beforeAll(async () => {
    await ensureBaseModel(defaultBaseModel);
    await ensureEncoder();
    folder = await mkdtemp(join(tmpdir(), "fuzzc-project-"));
    const home = join(folder, ".home");
    await mkdir(home);
    for (const name of ["models", "derived"]) {
      await symlink(join(cacheFolder(), name), join(home, name), "junction");
    }
    env = { FUZZC_HOME: home, FUZZC_OFFLINE: "1" };
    for (const [path, text] of Object.entries(files)) {
      await put(path, text);
    }
  });
  afterAll(() => rm(folder, { recursive: true }));
  return {
    get folder() {
      return folder;
    },
    get env() {
      return env;
    },
    put,
    fuzzc: (words, options = {}) =>
      runFuzzc(words, { cwd: folder, ...options, env: { ...env, ...options.env } }),
  };
}
