import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureEncoder } from "@fuzzc/interpreter";
import { cacheFolder } from "@fuzzc/models";
import { fuzzy, readFuzzFile, readFuzzFiles } from "fuzzc";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RunOptions, runFuzzc } from "./run-fuzzc.ts";

const policies = `interpreter: encoder
functions:
  review:
    spec: Is the review good or bad?
    output: [good, bad]
    examples: reviews.csv
    tests: [{ input: "Never again", output: bad }]
  rank:
    spec: "Does the snippet do what the query says? yes: it does. no: it does something else."
    inputs: [query, snippet]
    output: [yes, no]
`;
const reviews = `input,output
I loved it,good
"Boring, and too long",bad
`;

let folder: string;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  await ensureEncoder();
  folder = await mkdtemp(join(tmpdir(), "fuzzc-files-"));
  const home = join(folder, "home");
  await mkdir(home);
  for (const name of ["models", "derived"]) {
    await symlink(join(cacheFolder(), name), join(home, name), "junction");
  }
  env = { FUZZC_HOME: home, FUZZC_OFFLINE: "1" };
  await writeFile(join(folder, "policies.fuzz.yaml"), policies);
  await writeFile(join(folder, "reviews.csv"), reviews);
});

afterAll(() => rm(folder, { recursive: true }));

const fuzzc = (words: string[], options: RunOptions = {}) =>
  runFuzzc(words, { cwd: folder, ...options, env: { ...env, ...options.env } });

describe("a file of several functions", () => {
  test("runs the one that is named", async () => {
    const run = await fuzzc(["run", "policies.fuzz.yaml#review", "I loved every minute"]);
    expect(run).toEqual({ code: 0, stdout: expect.stringMatching(/^(good|bad)\n$/), stderr: "" });
  });

  test("compiles it under its own name", async () => {
    const run = await fuzzc(["compile", "policies.fuzz.yaml#review"]);
    expect(run.stdout).toMatch(/^review\.paw: .* 2 /);
  });

  test("asks which one is meant", async () => {
    const run = await fuzzc(["run", "policies.fuzz.yaml", "x"]);
    expect(run).toEqual({
      code: 2,
      stdout: "",
      stderr: `fuzzc: policies.fuzz.yaml has 2 functions: review, rank (FUZZ_SEVERAL_FUNCTIONS)
  Name one of them: policies.fuzz.yaml#review
`,
    });
    const mistyped = await fuzzc(["run", "policies.fuzz.yaml#reviews", "x"]);
    expect(mistyped.stderr).toContain("Did you mean policies.fuzz.yaml#review?");
  });

  test("is read in the SDK, one or all", async () => {
    const path = join(folder, "policies.fuzz.yaml");
    const all = await readFuzzFiles(path);
    expect(all.map(({ name }) => name)).toEqual(["review", "rank"]);
    expect(await readFuzzFiles(`${path}#rank`)).toEqual(all.slice(1));
    const rank = await readFuzzFile(`${path}#rank`);
    await using answer = await fuzzy({ ...rank, level: "O0" });
    const output = await answer({ query: "last item", snippet: "xs.at(-1)" });
    expect(["yes", "no"]).toContain(output);
  });
});

test("a file that wants a teacher says so where there is none", async () => {
  await writeFile(join(folder, "taught.fuzz.yaml"), "spec: Shout.\noptimise: 3\n");
  const run = await fuzzc(["run", "taught.fuzz.yaml", "x"]);
  expect(run).toMatchObject({ code: 2, stdout: "" });
  expect(run.stderr).toMatch(/optimise: 3 takes a teacher \(FUZZ_TEACHER_NEEDED\)\n {2}Have its/);
  const compile = await fuzzc(["compile", "taught.fuzz.yaml"]);
  expect(compile.stderr).toContain("-O3 takes a teacher");
  const lower = await fuzzc(["compile", "taught.fuzz.yaml", "-O1", "--base", "none.gguf"]);
  expect(lower.stderr).toContain("none.gguf");
});

describe("named inputs", () => {
  const rank = ["run", "policies.fuzz.yaml#rank"];

  test("are set by name, or come as JSON lines", async () => {
    const set = ["--set", "query=last item", "--set", "snippet=xs.at(-1)"];
    const one = await fuzzc([...rank, ...set, "--json"]);
    const answer = JSON.parse(one.stdout);
    expect(answer.input).toEqual({ query: "last item", snippet: "xs.at(-1)" });
    const stdin = `{"snippet": "xs.at(-1)", "query": "last item"}\n{"query": "x"}\n`;
    const many = await fuzzc([...rank, "--jsonl", "--json"], { stdin });
    const [same, lacking] = many.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(same.labels).toEqual(answer.labels);
    expect(lacking.error).toEqual({
      code: "FUZZ_INPUT_INVALID",
      message: "The input lacks snippet",
    });
    expect(many.code).toBe(1);
  });

  test.each([
    [[...rank, "plain"], "The function takes query, snippet, not plain text"],
    [[...rank, "--set", "query=x"], "The input lacks snippet"],
    [[...rank, "plain", "--set", "query=x"], "given both as words and by --set"],
    [[...rank, "--set", "query=x", "--set", "query=y"], "query is given twice"],
    [[...rank, "--set", "query"], "It is a name and its text"],
    [["run", "policies.fuzz.yaml#review", "--set", "text=x"], "The input is an object, not text"],
  ])("are not mixed up: %j", async (words, message) => {
    const run = await fuzzc(words);
    expect(run.stderr).toContain(message);
    expect(run.code).toBe(2);
  });
});
