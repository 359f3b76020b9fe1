import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ensureEncoder } from "@fuzzc/interpreter";
import { cacheFolder } from "@fuzzc/models";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { collect } from "./e2e/run-fuzzc.ts";
import { startLocalRegistry } from "./local-registry.ts";
import { outputPattern, readTutorial, type Step } from "./read-tutorial.ts";

const page = await readFile(new URL("../docs/tutorial.md", import.meta.url), "utf8");
const workflowPath = ".github/workflows/test.yml";

let folder: string;
let registry: Awaited<ReturnType<typeof startLocalRegistry>>;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  await ensureEncoder();
  folder = await mkdtemp(join(tmpdir(), "fuzzc-tutorial-"));
  for (const name of ["packed", "project"]) {
    await mkdir(join(folder, name));
  }
  registry = await startLocalRegistry(join(folder, "packed"));
  env = {
    ...process.env,
    npm_config_registry: registry.address,
    npm_config_cache: join(folder, "npm"),
    npm_config_audit: "false",
    npm_config_fund: "false",
    FUZZC_HOME: await makeHome(join(folder, "home")),
    FUZZC_OFFLINE: "1",
    NO_COLOR: "1",
    GIT_CONFIG_GLOBAL: join(folder, "gitconfig"),
  };
  await writeFile(join(folder, "gitconfig"), "[user]\nname = A\nemail = a@example.com\n");
});

afterAll(async () => {
  registry?.close();
  await rm(folder, { recursive: true });
});

/** A cache folder that has only the user's models in it. */
async function makeHome(home: string): Promise<string> {
  await mkdir(home);
  for (const name of ["models", "derived"]) {
    await symlink(join(cacheFolder(), name), join(home, name), "junction");
  }
  return home;
}

async function runShell(commands: string, cwd: string, extra: NodeJS.ProcessEnv = {}) {
  const child = spawn("bash", ["-e", "-c", commands], { cwd, env: { ...env, ...extra } });
  child.stdin.end();
  return collect(child);
}

/** Does what the page says, and compares what the page shows. */
async function follow(step: Step, project: string): Promise<void> {
  if (step.kind === "commands") {
    const run = await runShell(step.commands, project);
    expect(run, `${step.commands}${run.stderr}${run.stdout}`).toMatchObject({
      code: step.output?.startsWith("FAIL") ? 1 : 0,
    });
    if (step.output !== undefined) {
      expect(run.stdout, step.commands).toMatch(outputPattern(step.output));
      expect(run.stderr).toBe("");
    }
    return;
  }
  const path = join(project, step.name);
  await mkdir(dirname(path), { recursive: true });
  if (step.kind === "file") {
    await writeFile(path, step.text);
    return;
  }
  const before = await readFile(path, "utf8");
  expect(before, "the page changes what is there").toContain(step.removed);
  const { removed, added } = step;
  await writeFile(path, removed ? before.replace(removed, () => added) : before + added);
}

test("numbers may differ from the page, counts and words may not", () => {
  const shown = 'output: "a", probability 0.77\n  a  0.77  ███\n…\n4 of 6 …\n';
  const got = 'output: "a", probability 0.9\n  a  0.9  █████\nx\ny\n4 of 6 passed\n';
  expect(got).toMatch(outputPattern(shown));
  expect(got.replace("4 of 6", "5 of 6")).not.toMatch(outputPattern(shown));
  expect(got.replace('"a"', '"b"')).not.toMatch(outputPattern(shown));
});

test("its links lead to pages", () => {
  const links = [...page.matchAll(/\]\(([^)#]+)/g)].map(([, link = ""]) => link);
  expect(links.length).toBeGreaterThan(2);
  for (const link of links) {
    expect(existsSync(new URL(`../docs/${link}`, import.meta.url)), link).toBe(true);
  }
});

test("docs/tutorial.md is true: an empty folder becomes what it says", async () => {
  const steps = readTutorial(page);
  expect(steps.length).toBeGreaterThan(15);
  for (const step of steps) {
    await follow(step, join(folder, "project"));
  }
}, 300_000);

test("its workflow passes on what was committed, and fails where it should", async () => {
  const checkout = join(folder, "checkout");
  const clone = await runShell(`git clone --quiet project "${checkout}"`, folder);
  expect(clone).toEqual({ code: 0, stdout: "", stderr: "" });
  const { job, home, commands } = await readWorkflow(checkout);
  expect(Object.keys(job)).toEqual(["runs-on", "env", "steps"]);
  await makeHome(home);
  for (const command of commands) {
    const run = await runShell(command, checkout, { FUZZC_HOME: home, CI: "true" });
    expect(run, `${command}: ${run.stderr}${run.stdout}`).toMatchObject({ code: 0 });
  }
  expect(await readFile(join(checkout, "report.xml"), "utf8")).toContain('tests="6" failures="0"');
  expect(await runShell("git status --short", checkout)).toMatchObject({ stdout: "" });

  const source = join(checkout, "mail.fuzz.yaml");
  const text = await readFile(source, "utf8");
  await writeFile(source, text.replace("invoices and payments", "invoices"));
  expect(await runShell("npx fuzzc build --check", checkout)).toMatchObject({
    code: 1,
    stdout: expect.stringContaining("mail is stale: its source or fuzzc has changed"),
  });
}, 300_000);

/** The job, with the paths that the server would fill in. */
async function readWorkflow(checkout: string) {
  const text = await readFile(join(checkout, workflowPath), "utf8");
  const workflow = parse(text.replaceAll(/\$\{\{ github\.workspace \}\}/g, checkout));
  const job = workflow.jobs.test;
  const steps: { uses?: string; run?: string; with?: Record<string, string> }[] = job.steps;
  const home: string = job.env.FUZZC_HOME;
  const cached = steps.find(({ uses }) => uses?.startsWith("actions/cache@"))?.with?.path ?? "";
  expect(join(checkout, cached), "the folder that is cached is fuzzc's").toBe(home);
  return { job, home, commands: steps.flatMap(({ run }) => run ?? []) };
}
