import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { ensureBaseModel, ensureEncoder } from "@fuzzc/interpreter";
import { cacheFolder, defaultBaseModel } from "@fuzzc/models";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { collect, type RunOptions, runFuzzc, startFuzzc } from "./run-fuzzc.ts";

const review = `spec: Is the review good or bad?
output: [good, bad]
tests:
  - { input: "I loved every minute of it", output: good }
  - { input: "The worst film of the year", output: bad }
`;

let folder: string;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  await ensureBaseModel(defaultBaseModel);
  await ensureEncoder();
  folder = await mkdtemp(join(tmpdir(), "fuzzc-e2e-"));
  const home = join(folder, "home");
  await mkdir(home);
  for (const name of ["models", "derived"]) {
    await symlink(join(cacheFolder(), name), join(home, name), "junction");
  }
  // Nothing here may need the network.
  env = { FUZZC_HOME: home, FUZZC_OFFLINE: "1" };
  await writeFile(join(folder, "review.fuzz.yaml"), review);
});

afterAll(() => rm(folder, { recursive: true }));

const fuzzc = (words: string[], options: RunOptions = {}) =>
  runFuzzc(words, { cwd: folder, ...options, env: { ...env, ...options.env } });

const lines = (text: string) => text.split("\n").slice(0, -1);

describe("fuzzc run", () => {
  test("answers an input, and says nothing else where nobody watches", async () => {
    const run = await fuzzc(["run", "review.fuzz.yaml", "I loved it"]);
    expect(run).toEqual({ code: 0, stdout: expect.stringMatching(/^(good|bad)\n$/), stderr: "" });
  });

  test("answers several inputs and a spec in quotes", async () => {
    const run = await fuzzc([
      ...["run", "Is the review good or bad?", "--output", "good,bad", "--json"],
      ...["lovely", "boring", "fine"],
    ]);
    const answers = lines(run.stdout).map((line) => JSON.parse(line));
    expect(answers.map(({ input }) => input)).toEqual(["lovely", "boring", "fine"]);
    for (const answer of answers) {
      expect(Object.keys(answer)).toEqual([
        "input",
        "output",
        "probability",
        "labels",
        "abstained",
        "ms",
      ]);
      expect(answer.labels[answer.output]).toBe(answer.probability);
    }
    expect(run.code).toBe(0);
  });

  test("answers each line of stdin in its place, whatever is wrong with some", async () => {
    const stdin = Buffer.concat([
      Buffer.from("lovely\r\n\n"),
      Buffer.from([0xff, 10]),
      Buffer.from(`${"word ".repeat(20_000)}\n${"x".repeat(5_000_000)}\nboring`),
    ]);
    const words = ["run", "review.fuzz.yaml", "--interpreter", "language"];
    const run = await fuzzc(words, { stdin });
    const answers = lines(run.stdout);
    expect(answers).toHaveLength(6);
    expect(answers.map((answer) => answer === "null")).toEqual([
      false,
      false,
      true,
      true,
      true,
      false,
    ]);
    expect(lines(run.stderr).filter((line) => line.startsWith("fuzzc: "))).toEqual([
      "fuzzc: Line 3 is not text in UTF-8 (FUZZ_INPUT_INVALID)",
      expect.stringMatching(/^fuzzc: The input has \d+ tokens, \d+ more than fit.*TOO_LONG\)$/),
      "fuzzc: Line 5 has 5000000 bytes; the limit is 4194304 (FUZZ_INPUT_TOO_LONG)",
    ]);
    expect(run.code).toBe(1);
  });

  test("reads and writes JSON lines", async () => {
    const stdin = '"two\\nlines"\n\n{"input": "fine", "id": 1}\n[1]\n';
    const run = await fuzzc(["run", "review.fuzz.yaml", "--jsonl", "--json"], { stdin });
    const answers = lines(run.stdout).map((line) => JSON.parse(line));
    expect(answers.map(({ input }) => input)).toEqual(["two\nlines", "fine", null]);
    expect(answers[2]).toEqual({
      input: null,
      output: null,
      error: { code: "FUZZ_INPUT_INVALID", message: expect.stringContaining("Line 4") },
    });
    expect(run.code).toBe(1);
  });

  test("says null where it abstains", async () => {
    await writeFile(
      join(folder, "strict.fuzz.yaml"),
      `${review}minProbability: 1\notherwise: hm\n`,
    );
    const plain = await fuzzc(["run", "strict.fuzz.yaml", "a stone"]);
    expect(plain.stdout).toBe("hm\n");
    const { stdout } = await fuzzc(["run", "strict.fuzz.yaml", "a stone", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({ output: null, abstained: true });
  });

  test("compiles again when the file has changed", async () => {
    const path = join(folder, "changing.fuzz.yaml");
    await writeFile(path, review);
    await fuzzc(["run", path, "fine"]);
    await writeFile(path, review.replaceAll("good", "nice"));
    const { stdout } = await fuzzc(["run", path, "fine"]);
    expect(stdout).toMatch(/^(nice|bad)\n$/);
  });

  test("ends quietly when nobody reads its answers any more", async () => {
    const child = startFuzzc(["run", "review.fuzz.yaml"], { cwd: folder, env });
    child.stdin?.on("error", () => {});
    const writing = setInterval(() => child.stdin?.write("fine\n"), 20);
    const output = createInterface({ input: child.stdout! });
    await once(output, "line");
    output.close();
    child.stdout?.destroy();
    let stderr = "";
    child.stderr?.on("data", (text) => {
      stderr += text;
    });
    const [code] = await once(child, "close");
    clearInterval(writing);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });

  // Windows has no signals to send.
  test.skipIf(process.platform === "win32")(
    "ends at Ctrl-C, after what it has answered",
    async () => {
      const child = startFuzzc(["run", "review.fuzz.yaml"], { cwd: folder, env });
      child.stdin?.write("fine\n");
      child.stdout?.once("data", () => child.kill("SIGINT"));
      const run = await collect(child);
      expect(run).toEqual({
        code: 130,
        stdout: expect.stringMatching(/^(good|bad)\n$/),
        stderr: "",
      });
    },
  );
});

describe("fuzzc compile", () => {
  test("writes a program that runs, and twice the same", async () => {
    const first = await fuzzc(["compile", "review.fuzz.yaml"]);
    expect(first.code).toBe(0);
    expect(first.stdout).toMatch(/^review\.paw: [\d.]+ kB, -O0: /);
    const second = await fuzzc(["compile", "review.fuzz.yaml", "-o", "again.paw", "--json"]);
    expect(JSON.parse(second.stdout)).toMatchObject({
      path: "again.paw",
      cached: true,
      level: "O0",
    });
    const bytes = await readFile(join(folder, "review.paw"));
    expect(bytes.equals(await readFile(join(folder, "again.paw")))).toBe(true);
    const run = await fuzzc(["run", "review.paw", "--json", "fine"]);
    expect(JSON.parse(run.stdout).output).toMatch(/^(good|bad)$/);
  });

  test("two at once compile the same function once", async () => {
    await writeFile(join(folder, "twice.fuzz.yaml"), `name: twice\n${review}`);
    const words = ["compile", "twice.fuzz.yaml", "--json", "-o"];
    const runs = await Promise.all([fuzzc([...words, "a.paw"]), fuzzc([...words, "b.paw"])]);
    expect(runs.map(({ stdout }) => JSON.parse(stdout).cached).sort()).toEqual([false, true]);
  });

  test("its program can be looked into, and exported", async () => {
    await fuzzc(["compile", "review.fuzz.yaml", "--interpreter", "language"]);
    const { stdout } = await fuzzc(["inspect", "review.paw"]);
    expect(stdout).toMatch(/^id +[0-9a-f]{64}$/m);
    expect(stdout).toMatch(/^output +one of good, bad$/m);
    const inspected = await fuzzc(["inspect", "review.paw", "--json"]);
    expect(JSON.parse(inspected.stdout).meta.spec).toBe("Is the review good or bad?");
    const exported = await fuzzc(["export", "review.paw", "-o", "full.paw"]);
    expect(exported).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^full\.paw: .* MB\n$/),
    });
    const thin = await fuzzc(["run", "review.paw", "fine"]);
    expect((await fuzzc(["run", "full.paw", "fine"])).stdout).toBe(thin.stdout);
  });
});

describe("fuzzc run --interpreter encoder", () => {
  test("answers a label function, and no other", async () => {
    const run = await fuzzc(["run", "review.fuzz.yaml", "--interpreter", "encoder", "fine"]);
    expect(run).toMatchObject({ code: 0, stdout: expect.stringMatching(/^(good|bad)\n$/) });
    const text = await fuzzc(["run", "Shout the text.", "--interpreter", "encoder", "hi"]);
    expect(text).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("(FUZZ_ENCODER_LABELS_ONLY)"),
    });
  });

  test("its program is shown by inspect, and not exported", async () => {
    await fuzzc(["compile", "review.fuzz.yaml", "--interpreter", "encoder", "-o", "encoded.paw"]);
    const { stdout } = await fuzzc(["inspect", "encoded.paw"]);
    expect(stdout).toMatch(/^prototypes +one a label, 1\.5 kB$/m);
    const exported = await fuzzc(["export", "encoded.paw", "-o", "no.paw"]);
    expect(exported).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("--interpreter language"),
    });
  });

  test("compile --full takes the language model, for official clients", async () => {
    const run = await fuzzc(["compile", "review.fuzz.yaml", "--full", "-o", "whole.paw", "--json"]);
    expect(JSON.parse(run.stdout)).toMatchObject({ interpreter: "language", path: "whole.paw" });
  });
});

describe("fuzzc test", () => {
  test("prints the score, and its exit code says whether all passed", async () => {
    const run = await fuzzc(["test", "review.fuzz.yaml"]);
    const [, passed] = /^(\d) of 2 tests passed$/m.exec(run.stdout) ?? [];
    expect(run.code).toBe(passed === "2" ? 0 : 1);
    const json = await fuzzc(["test", "review.fuzz.yaml", "--json"]);
    const tests = lines(json.stdout).map((line) => JSON.parse(line));
    expect(tests.map(({ expected }) => expected)).toEqual(["good", "bad"]);
    expect(tests.filter(({ pass }) => pass)).toHaveLength(Number(passed));
  });
});

describe("fuzzc models and doctor", () => {
  test("list the base model and where it is", async () => {
    const { stdout } = await fuzzc(["models"]);
    expect(lines(stdout)).toEqual([
      expect.stringMatching(/^smollm2-135m-instruct {2}98\.4 MB {2}Apache-2\.0 {2}.*\.gguf$/),
      expect.stringMatching(/^all-minilm-l6-v2 {2}90\.9 MB {2}Apache-2\.0 {2}/),
      expect.stringMatching(/^e5-small-v2 {2}133\.1 MB {2}MIT {2}.*\.onnx$/),
    ]);
    const pulled = await fuzzc(["models", "pull"]);
    expect(pulled).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/\.gguf\n$/),
      stderr: "",
    });
  });

  test("find all that is needed", async () => {
    const run = await fuzzc(["doctor", "--json"]);
    const checks = lines(run.stdout).map((line) => JSON.parse(line));
    expect(checks.filter(({ state }) => state === "fail")).toEqual([]);
    expect(checks.map(({ name }) => name)).toEqual([
      "fuzzc",
      "node",
      "engine",
      "compiler",
      "cache",
      "base",
      "base",
      "memory",
      "disk",
    ]);
    expect(run.code).toBe(0);
  });

  test("say what is missing", async () => {
    const empty = { FUZZC_HOME: join(folder, "empty") };
    const doctor = await fuzzc(["doctor"], { env: empty });
    expect(doctor.stdout).toMatch(/^fail {2}base +smollm2-135m-instruct is not here yet/m);
    expect(doctor.code).toBe(3);
    const run = await fuzzc(["run", "review.fuzz.yaml", "fine"], { env: empty });
    expect(run.code).toBe(3);
    expect(run.stderr).toContain("the network: not allowed (--offline or FUZZC_OFFLINE)");
    expect(run.stderr).toContain("FUZZ_MODEL_UNAVAILABLE");
  });
});

describe("wrong use", () => {
  test.each([
    [["run"], 2, /^fuzzc: missing required argument 'file' \(FUZZ_USAGE\)\n$/],
    [["fly"], 2, /^fuzzc: unknown command 'fly' \(FUZZ_USAGE\)\n$/],
    [["run", "review.fuzz.yaml", "--jsno"], 2, /unknown option '--jsno'.*\n.*Did you mean --json/],
    [
      ["run", "review.fuzz.yaml", "-O7", "a"],
      2,
      /It is 0, 1 or 2; fuzzc compile takes 3 as well\. \(FUZZ_USAGE\)/,
    ],
    [
      ["run", "none.fuzz.yaml", "a"],
      3,
      /^fuzzc: none\.fuzz\.yaml is not there \(FUZZ_FILE_NOT_FOUND\)\n {2}Relative paths begin at /,
    ],
    [
      ["run", "review", "a"],
      3,
      /^fuzzc: There is no file review \(FUZZ_FILE_NOT_FOUND\)\n {2}Give a/,
    ],
    [["run", "review.fuzz.yaml", "a", "--output", "text"], 2, /FUZZ_OPTION_INVALID/],
    [["run", "review.fuzz.yaml", "a", "--base", "gpt-9"], 2, /FUZZ_UNKNOWN_MODEL/],
    [["inspect", "review.fuzz.yaml"], 2, /^fuzzc: .*\(FUZZ_/],
    [["export", "review.paw"], 2, /required option '-o, --out <path>'/],
    [["test", "no-tests.fuzz.yaml"], 2, /no-tests\.fuzz\.yaml has no tests \(FUZZ_NO_TESTS\)/],
    [
      ["run", "wrong.fuzz.yaml", "a"],
      2,
      /^fuzzc: wrong\.fuzz\.yaml:4:25: label "laterr" is not one of now, later \(FUZZ_UNKNOWN_LABEL\)\n {2}Did you mean later\? Correct/,
    ],
  ])("fuzzc %j", async (words, code, stderr) => {
    await writeFile(join(folder, "no-tests.fuzz.yaml"), "spec: a\n");
    await writeFile(
      join(folder, "wrong.fuzz.yaml"),
      "spec: a\noutput: [now, later]\nexamples:\n  - { input: b, output: laterr }\n",
    );
    const run = await fuzzc(words);
    expect(run.stderr).toMatch(stderr);
    expect(run).toMatchObject({ code, stdout: "" });
  });

  test("help goes to stdout, with examples", async () => {
    for (const words of [["--help"], ["help", "run"], ["compile", "--help"]]) {
      const run = await fuzzc(words);
      expect(run).toMatchObject({ code: 0, stderr: "" });
      expect(run.stdout).toContain("Examples:");
    }
    const nothing = await fuzzc([]);
    expect(nothing).toMatchObject({ code: 2, stdout: "" });
    expect(nothing.stderr).toContain("Usage: fuzzc");
  });
});
