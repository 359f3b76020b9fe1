import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureEncoder } from "@fuzzc/interpreter";
import { cacheFolder } from "@fuzzc/models";
import { afterAll, beforeAll, expect, test } from "vitest";
import { collect, type Run } from "./run-fuzzc.ts";

const repository = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

const triage = `spec: |
  Decide how soon a message needs a reply.
  now: the product is down. later: all else.
output: [now, later]
interpreter: encoder
tests:
  - { input: "The product is down!", output: now }
`;
const open = `import { fuzzy, readFuzzFile } from "fuzzc";
const triage = await fuzzy(await readFuzzFile("triage.fuzz.yaml"));
`;
const withVitest = (wrong: boolean) => `import "@fuzzc/testing/vitest";
import { afterAll, expect, test } from "vitest";
${open}
afterAll(() => triage.dispose());
test("its tests", () => expect("triage.fuzz.yaml").toPassItsTests());
test("one answer", () => expect(triage).toAnswer("The product is down!", "${wrong ? "later" : "now"}"));
`;
const withNode = (wrong: boolean) => `import { after, test } from "node:test";
import { assertAbstains, assertAnswers, assertPassesTests, assertScore } from "@fuzzc/testing/node";
${open}
const cases = [{ input: "The product is down!", output: "${wrong ? "later" : "now"}" }];
after(() => triage.dispose());
test("its tests", () => assertPassesTests("triage.fuzz.yaml"));
test("one answer", () => assertAnswers(triage, cases[0].input, cases[0].output));
test("a score", () => assertScore(triage, 1, cases));
${wrong ? 'test("an abstention", () => assertAbstains(triage, "Hello"));' : ""}
`;

let folder: string;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  await ensureEncoder();
  folder = await mkdtemp(join(tmpdir(), "fuzzc-testing-"));
  const home = join(folder, ".home");
  await mkdir(home);
  for (const name of ["models", "derived"]) {
    await symlink(join(cacheFolder(), name), join(home, name), "junction");
  }
  // Not those of the run that this is part of.
  const { NODE_ENV: _, VITEST: __, NODE_TEST_CONTEXT: ___, ...outer } = process.env;
  env = { ...outer, FUZZC_HOME: home, FUZZC_OFFLINE: "1", NO_COLOR: "1" };
  await mkdir(join(folder, "node_modules/@fuzzc"), { recursive: true });
  for (const name of ["fuzzc", "@fuzzc/testing", "vitest"]) {
    await symlink(
      repository(`node_modules/${name}`),
      join(folder, "node_modules", name),
      "junction",
    );
  }
  await put("package.json", '{ "type": "module" }\n');
  await put("triage.fuzz.yaml", triage);
  await put("right.test.js", withVitest(false));
  await put("wrong.test.js", withVitest(true));
  await put("right.node.js", withNode(false));
  await put("wrong.node.js", withNode(true));
});

afterAll(() => rm(folder, { recursive: true }));

const put = (path: string, text: string) => writeFile(join(folder, path), text);

function runNode(...words: string[]): Promise<Run> {
  return collect(spawn(process.execPath, words, { cwd: folder, env }));
}

test("vitest passes, and shows what was expected and what was answered", async () => {
  const vitest = repository("node_modules/vitest/vitest.mjs");
  const { code, stdout, stderr } = await runNode(vitest, "run", "--root", folder);
  expect(stdout).toContain("✓ right.test.js (2 tests)");
  expect(stdout).toContain("Tests  1 failed | 3 passed (4)");
  expect(stderr).toMatch(
    /Error: input {4}"The product is down!"\nexpected "later"\ngot {6}"now" \(now 0\.\d\d, later 0\.\d\d\)\n/,
  );
  expect(stderr).toMatch(/Expected: "later"\nReceived: "now"/);
  expect(code).toBe(1);
});

test("node --test passes, and shows what was expected and what was answered", async () => {
  const right = await runNode("--test", "--test-reporter=tap", "right.node.js");
  expect(right.stdout).toMatch(/# pass 3\n# fail 0\n/);
  expect(right.code).toBe(0);

  const wrong = await runNode("--test", "--test-reporter=tap", "wrong.node.js");
  expect(wrong.stdout).toMatch(/# pass 1\n# fail 3\n/);
  expect(wrong.stdout).toMatch(/expected "later"\n +got {6}"now" \(now 0\.\d\d, later 0\.\d\d\)/);
  expect(wrong.stdout).toMatch(/expected: 'later'\n +actual: 'now'\n +operator: 'assertAnswers'/);
  expect(wrong.stdout).toMatch(/0 of 1 right; a score of 1 is expected\n/);
  expect(wrong.stdout).toMatch(/expected an abstention\n +got {6}"(now|later)"/);
  expect(wrong.code).toBe(1);
});
