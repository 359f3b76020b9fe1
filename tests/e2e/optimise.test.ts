import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ensureBaseModel } from "@fuzzc/interpreter";
import { cacheFolder, defaultBaseModel } from "@fuzzc/models";
import { readProgram } from "@fuzzc/program";
import { afterAll, beforeAll, expect, test } from "vitest";
import { collect, startFuzzc } from "./run-fuzzc.ts";

// Too hard for -O1 to answer all: nothing would be trained then.
const backwards = `spec: Say it backwards.
output: text
examples:
  - { input: mouse, output: esuom }
  - { input: horse, output: esroh }
  - { input: tiger, output: regit }
  - { input: zebra, output: arbez }
`;

let folder: string;
beforeAll(async () => {
  await ensureBaseModel(defaultBaseModel);
  folder = await mkdtemp(join(tmpdir(), "fuzzc-e2e-"));
  await mkdir(join(folder, "home"));
  for (const name of ["models", "derived"]) {
    await symlink(join(cacheFolder(), name), join(folder, "home", name), "junction");
  }
  await writeFile(join(folder, "backwards.fuzz.yaml"), backwards);
});
afterAll(() => rm(folder, { recursive: true }));

const programs = () => readdir(join(folder, "home", "programs")).catch(() => []);

// Windows has no signals to send.
test.skipIf(process.platform === "win32")(
  "Ctrl-C during a training keeps its best, and does not take it for the whole compile",
  async () => {
    const env = { FUZZC_HOME: join(folder, "home"), FUZZC_OFFLINE: "1" };
    const words = ["compile", "backwards.fuzz.yaml", "-O2", "--minutes", "60", "--json"];
    const child = startFuzzc(words, { cwd: folder, env });
    const run = collect(child);
    while (child.exitCode === null && !(await programs()).some((one) => one.endsWith("training"))) {
      await sleep(50);
    }
    child.kill("SIGINT");
    const { code, stdout, stderr } = await run;
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(JSON.parse(stdout)).toMatchObject({ level: "O2", training: { stopped: true } });
    expect((await readProgram(await readFile(join(folder, "backwards.paw")))).meta.spec).toBe(
      "Say it backwards.",
    );
    expect(await programs()).toEqual([]);
  },
  120_000,
);
