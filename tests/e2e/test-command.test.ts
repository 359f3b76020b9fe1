import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { collect, startFuzzc } from "./run-fuzzc.ts";
import { useProject } from "./test-project.ts";

// No model answers both of these two tests as they want it.
const review = `interpreter: encoder
spec: Is the review good or bad?
output: [good, bad]
requiredScore: 0.5
examples: reviews.csv
tests:
  - { input: "I loved every minute of it", output: good }
  - { input: "I loved every minute of it!", output: bad }
`;
const policies = `interpreter: encoder
output: [yes, no]
functions:
  refund:
    spec: Does the customer ask for money back?
    minProbability: 1
    otherwise: unsure
    tests: [{ input: "I want my money back", output: null }, { input: "Hi", output: unsure }]
  rude:
    spec: Is the message rude?
  rank:
    spec: "Does the snippet do what the query says? yes: it does. no: it does something else."
    inputs: [query, snippet]
    tests: [{ input: { query: a, snippet: b }, output: null }]
`;

const project = useProject({
  "review.fuzz.yaml": review,
  "reviews.csv": "input,output\nI loved it,good\nBoring and long,bad\n",
  "more/policies.fuzz.yaml": policies,
});
const { put } = project;
const fuzzc = (...words: string[]) => project.fuzzc(["test", ...words]);

describe("fuzzc test", () => {
  test("tests all functions of all files, and counts examples apart", async () => {
    const run = await fuzzc();
    expect(run).toMatchObject({ code: 1, stderr: "" });
    expect(run.stdout).toMatch(
      new RegExp(
        [
          "more/policies\\.fuzz\\.yaml#refund",
          "2 of 2 tests passed",
          "more/policies\\.fuzz\\.yaml#rude has no tests",
          "more/policies\\.fuzz\\.yaml#rank",
          'FAIL \\{"query":"a","snippet":"b"\\}',
          "  expected null",
          '  got      "(yes|no)" \\(probability 0\\.\\d\\d\\)',
          "0 of 1 tests passed",
          "review\\.fuzz\\.yaml",
          'FAIL "I loved every minute of it!?"',
          '  expected "(good|bad)"',
          '  got      "(good|bad)" \\(probability 0\\.\\d\\d\\)',
          "1 of 2 tests passed; 50 % are needed",
          "2 of 2 examples right, which the compiler has seen",
          "2 of 3 functions passed, 3 of 5 tests\n$",
        ].join("\n"),
      ),
    );
  });

  test("takes a file, one of its functions, or what a filter lets through", async () => {
    const one = await fuzzc("review.fuzz.yaml");
    expect(one.code).toBe(0);
    expect(one.stdout).toMatch(/^FAIL .*\n.*\n.*\n1 of 2 tests passed; .*\n2 of 2 examples right/);
    const named = await fuzzc("more/policies.fuzz.yaml#refund");
    expect(named).toEqual({ code: 0, stdout: "2 of 2 tests passed\n", stderr: "" });
    expect(await fuzzc("--filter", "REF")).toEqual(named);
    expect(await fuzzc("--filter", "nothing")).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/No function has "nothing" .*\n {2}There are refund, rude, /),
    });
    expect(await fuzzc("more/policies.fuzz.yaml#rude")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("#rude has no tests (FUZZ_NO_TESTS)"),
    });
  });

  test("takes the required score of the command line before that of the file", async () => {
    expect((await fuzzc("review.fuzz.yaml", "--required-score", "0.6")).code).toBe(1);
    expect((await fuzzc("more", "--required-score", "0")).code).toBe(0);
    expect(await fuzzc("--required-score", "2")).toMatchObject({ code: 2, stdout: "" });
  });

  test("prints an object a test as JSON", async () => {
    const run = await fuzzc("review.fuzz.yaml", "--json");
    const objects = run.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(objects.map(({ kind }) => kind)).toEqual(["test", "test", "example", "example"]);
    expect(objects[0]).toEqual({
      path: "review.fuzz.yaml",
      name: "review",
      kind: "test",
      input: "I loved every minute of it",
      expected: "good",
      output: expect.stringMatching(/^(good|bad)$/),
      probability: expect.any(Number),
      abstained: false,
      pass: objects[0].output === "good",
      ms: expect.any(Number),
    });
  });

  test("writes JUnit XML into a file, beside what people read", async () => {
    const run = await fuzzc("review.fuzz.yaml", "--reporter", "junit", "-o", "report.xml");
    expect(run.stdout).toContain("1 of 2 tests passed");
    const xml = await readFile(join(project.folder, "report.xml"), "utf8");
    expect(xml).toMatch(/^<\?xml .*\n<testsuites name="fuzzc" tests="2" failures="1" errors="0"/);
    const printed = await fuzzc("review.fuzz.yaml", "--reporter", "junit");
    const timeless = (text: string) => text.replace(/time="[\d.]+"/g, "");
    expect(timeless(printed.stdout)).toBe(timeless(xml));
  });

  test("goes on after a file in error, and its exit code is the error's", async () => {
    await put("more/a.fuzz.yaml", "spec: a\noutput: [b]\ntests: [{ input: a, output: c }]\n");
    await put("more/b.fuzz.yaml", "spec: a\noptimise: 3\ntests: [{ input: a, output: c }]\n");
    const run = await fuzzc("more", "--json");
    await rm(join(project.folder, "more/a.fuzz.yaml"));
    await rm(join(project.folder, "more/b.fuzz.yaml"));
    expect(run.code).toBe(2);
    expect(run.stderr).toMatch(/^fuzzc: more\/a\.fuzz\.yaml:3:29: label "c" is not one of b/);
    expect(run.stderr).toMatch(/^fuzzc: more\/b\.fuzz\.yaml: optimise: 3 takes a teacher/m);
    expect(run.stdout.trim().split("\n")).toHaveLength(5);
  });

  // Windows has no signals to send.
  test.skipIf(process.platform === "win32")(
    "watches, and tests again what has changed, until Ctrl-C",
    async () => {
      const child = startFuzzc(["test", "--watch", "--json"], {
        cwd: project.folder,
        env: project.env,
      });
      const printed: { name: string; expected: string; error?: string }[] = [];
      let rest = "";
      child.stdout?.on("data", (text) => {
        const lines = `${rest}${text}`.split("\n");
        rest = lines.pop() ?? "";
        printed.push(...lines.map((line) => JSON.parse(line)));
      });
      const ended = collect(child);
      const names = async (count: number) => {
        for (let tries = 0; printed.length < count && tries < 600; tries++) {
          await new Promise((done) => setTimeout(done, 100));
        }
        return printed.splice(0).map(({ name }) => name);
      };
      expect(await names(7)).toEqual([
        ...["refund", "refund", "rank"],
        ...["review", "review", "review", "review"],
      ]);
      await put("reviews.csv", "input,output\nI loved it,good\n");
      expect(await names(3)).toEqual(["review", "review", "review"]);
      await put("reviews.csv", "input,output\nI loved it,nice\n");
      expect(await names(1)).toEqual([undefined]);
      await put("reviews.csv", "input,output\nI like it,good\n");
      expect(await names(3)).toEqual(["review", "review", "review"]);
      await put("more/policies.fuzz.yaml", policies.replace("snippet: b", "snippet: c"));
      expect(await names(1)).toEqual(["rank"]);
      await put("more/policies.fuzz.yaml", "functions: {");
      expect(await names(1)).toEqual([undefined]);
      await put("new.fuzz.yaml", review.replace("examples: reviews.csv\n", ""));
      expect(await names(2)).toEqual(["new", "new"]);
      child.kill("SIGINT");
      const { code, stdout, stderr } = await ended;
      expect(code).toBe(0);
      // Nothing clears a screen that is none.
      expect(stdout).not.toContain("\x1b");
      expect(stderr).toMatch(/^fuzzc: reviews\.csv:2:12: label "nice" is not one of good, bad/m);
      expect(stderr).toMatch(/^fuzzc: more\/policies\.fuzz\.yaml:1:\d+: .*\(FUZZ_YAML_SYNTAX\)$/m);
    },
  );
});
