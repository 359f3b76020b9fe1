import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { readFuzzFile } from "fuzzc";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runFuzzc } from "./run-fuzzc.ts";

const repository = fileURLToPath(new URL("../..", import.meta.url));
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fuzzc-init-"));
});

afterAll(() => rm(folder, { recursive: true }));

const init = (words: string[], stdin = "") => runFuzzc(["init", ...words], { cwd: folder, stdin });

describe("fuzzc init", () => {
  test("asks nothing with --yes, and starts from triage", async () => {
    const run = await init(["--yes"]);
    expect(run).toMatchObject({ code: 0, stderr: "" });
    expect(run.stdout).toBe(`Wrote triage.fuzz.yaml. Next:
  npm install fuzzc
  npx fuzzc run triage.fuzz.yaml "Nobody in our company can log in!"
  npx fuzzc test triage.fuzz.yaml
`);
    const file = await readFuzzFile(join(folder, "triage.fuzz.yaml"));
    expect(file).toEqual(await readFuzzFile(join(repository, "examples/triage.fuzz.yaml")));
  });

  test("gives a template another name", async () => {
    await init(["repair", "--template", "json-repair", "--yes"]);
    const text = await readFile(join(folder, "repair.fuzz.yaml"), "utf8");
    expect(text).toMatch(/^# yaml-language-server: \$schema=node_modules\/fuzzc\/schema\//);
    expect(text).toContain("npx fuzzc run repair.fuzz.yaml ");
    expect(text).not.toContain("examples/");
    expect(await readFuzzFile(join(folder, "repair.fuzz.yaml"))).toMatchObject({ name: "repair" });
  });

  test("asks again until an answer is right", async () => {
    const answers = ["nonsense", "empty", "a b", "triage", "review"];
    const run = await init([], [...answers, "Good: or bad?", "good", "good,bad", ""].join("\n"));
    expect(run).toMatchObject({ code: 0, stderr: "" });
    expect(run.stdout).toContain('npx fuzzc run review.fuzz.yaml "an input"');
    expect(await readFuzzFile(join(folder, "review.fuzz.yaml"))).toMatchObject({
      name: "review",
      spec: "Good: or bad?",
      output: ["good", "bad"],
      examples: [],
    });
  });

  test("takes what is proposed for an empty answer", async () => {
    const run = await init([], "\n\nShout.\n\n");
    expect(run.stdout).toMatch(/^Wrote my-function.fuzz.yaml/);
    expect(await readFuzzFile(join(folder, "my-function.fuzz.yaml"))).toMatchObject({
      spec: "Shout.",
      output: "text",
    });
  });

  test("replaces a file only with --force", async () => {
    const path = join(folder, "mine.fuzz.yaml");
    await writeFile(path, "spec: Mine.\n");
    const run = await init(["mine", "--yes"]);
    expect(run).toMatchObject({ code: 2, stdout: "" });
    expect(run.stderr).toContain("mine.fuzz.yaml is there already");
    expect(await readFile(path, "utf8")).toBe("spec: Mine.\n");
    expect((await init(["mine", "--yes", "--force"])).code).toBe(0);
    expect(await readFuzzFile(path)).toMatchObject({ name: "mine", output: expect.any(Array) });
  });

  test.each([
    [["../x", "--yes"], "A name has letters"],
    [["x", "--template", "nope"], "There is no template nope; there are empty, commit-subject"],
    [["x"], "The input ended before the answer to: Start from?"],
  ])("says what is wrong with %j", async (words, message) => {
    const run = await init(words);
    expect(run.code).toBe(2);
    expect(run.stderr).toContain(message);
  });

  test("works from the package as it is published, and finds the schema there", async () => {
    const place = join(folder, "project", "node_modules");
    await mkdir(place, { recursive: true });
    const source = join(repository, "packages/fuzzc");
    const pack = ["pack", "--pack-destination", place];
    await promisify(execFile)("npm", pack, { cwd: source, shell: process.platform === "win32" });
    const { dependencies, version } = JSON.parse(
      await readFile(join(source, "package.json"), "utf8"),
    );
    await promisify(execFile)("tar", ["-xzf", `fuzzc-${version}.tgz`], { cwd: place });
    await symlink(join(place, "package"), join(place, "fuzzc"), "junction");
    for (const name of Object.keys(dependencies)) {
      await mkdir(dirname(join(place, name)), { recursive: true });
      await symlink(join(repository, "node_modules", name), join(place, name), "junction");
    }
    expect(existsSync(join(source, "templates"))).toBe(false);
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [join(place, "package/bin/fuzzc.js"), "init", "repair", "--template", "log-repair", "--yes"],
      { cwd: join(folder, "project") },
    );
    expect(stdout).not.toContain("npm install");
    const text = await readFile(join(folder, "project", "repair.fuzz.yaml"), "utf8");
    const schema = /\$schema=(.*)$/m.exec(text)?.[1] ?? "";
    expect(existsSync(join(folder, "project", schema))).toBe(true);
  });
});
