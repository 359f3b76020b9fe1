import { mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureBaseModel, ensureEncoder } from "@fuzzc/interpreter";
import { cacheFolder, defaultBaseModel } from "@fuzzc/models";
import { afterAll, beforeAll } from "vitest";

/** A cache folder of its own for the tests of a file, which shares the models with the user's. */
export function useTestHome(): () => string {
  let home = "";
  const before = process.env.FUZZC_HOME;
  beforeAll(async () => {
    await ensureBaseModel(defaultBaseModel);
    await ensureEncoder();
    const cache = cacheFolder();
    home = await mkdtemp(join(tmpdir(), "fuzzc-home-"));
    for (const name of ["models", "derived"]) {
      await mkdir(join(cache, name), { recursive: true });
      // A junction needs no rights on Windows.
      await symlink(join(cache, name), join(home, name), "junction");
    }
    process.env.FUZZC_HOME = home;
  });
  afterAll(async () => {
    if (before === undefined) {
      delete process.env.FUZZC_HOME;
    } else {
      process.env.FUZZC_HOME = before;
    }
    await rm(home, { recursive: true });
  });
  return () => home;
}
