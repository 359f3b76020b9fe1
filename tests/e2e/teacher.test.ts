import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureEncoder } from "@fuzzc/interpreter";
import { cacheFolder } from "@fuzzc/models";
import { readProgram } from "@fuzzc/program";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { runFuzzc, startFuzzc } from "./run-fuzzc.ts";

const review = `spec: Is the review good or bad?
output: [good, bad]
examples:
  - { input: "I loved every minute of it", output: good }
  - { input: "The worst film of the year", output: bad }
`;
const key = "sk-very-secret";

let folder: string;
let env: NodeJS.ProcessEnv;
let server: Server;
let url: string;
/** What the teacher was asked. */
let questions: string[];
let handle: (question: string, response: ServerResponse) => void;

beforeAll(async () => {
  await ensureEncoder();
  folder = await mkdtemp(join(tmpdir(), "fuzzc-teacher-"));
  const home = join(folder, "home");
  await mkdir(home);
  for (const name of ["models", "derived"]) {
    await symlink(join(cacheFolder(), name), join(home, name), "junction");
  }
  env = { FUZZC_HOME: home, FUZZC_OFFLINE: "1", FUZZC_TEACHER_KEY: key };
  await writeFile(join(folder, "review.fuzz.yaml"), review);
  server = createServer(async (request, response) => {
    const pieces: Uint8Array[] = [];
    for await (const piece of request) {
      pieces.push(piece);
    }
    const question = JSON.parse(Buffer.concat(pieces).toString()).messages.at(-1).content;
    questions.push(question);
    handle(question, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
});
beforeEach(() => {
  questions = [];
  handle = answer;
});
afterAll(async () => {
  server.closeAllConnections();
  await rm(folder, { recursive: true });
});

/** A teacher that knows the function. */
function answer(question: string, response: ServerResponse): void {
  const mood = (text: string) => (text.includes("loved") ? "good" : "bad");
  const asked = [...question.matchAll(/^(\d+)\. "(.*)"$/gm)];
  const [, set, count] = /This is set (\d+)\. Write (\d+) new/.exec(question) ?? [];
  const items =
    asked.length > 0
      ? asked.map(([, number, text]) => ({ number: Number(number), output: mood(text as string) }))
      : Array.from({ length: Number(count) }, (_, index) => {
          const input = `We ${index % 2 ? "loved" : "left"} film ${set}-${index}`;
          return { input, output: mood(input) };
        });
  const content = JSON.stringify({ items });
  response.end(JSON.stringify({ choices: [{ message: { content } }] }));
}

const words = (...more: string[]) => [
  ...["compile", "review.fuzz.yaml", "-O3", "--teacher", url, "--teacher-model", "tiny"],
  // Quick: the encoder alone.
  ...["--interpreter", "encoder", ...more],
];
const fuzzc = (...more: string[]) => runFuzzc(words(...more), { cwd: folder, env });

describe("fuzzc compile -O3", () => {
  test("asks no server without a yes, and says what it would send and what that costs", async () => {
    const { code, stdout, stderr } = await fuzzc();
    expect([code, stdout, questions]).toEqual([2, "", []]);
    expect(stderr).toContain("FUZZ_TEACHER_UNCONFIRMED");
    expect(stderr).toMatch(/48 pairs.* requests: .* tokens in/);
    expect(stderr).toContain("with the key in FUZZC_TEACHER_KEY");
  });

  test("goes on after a kill, and asks nothing twice", async () => {
    let stopped = 0;
    const killed = startFuzzc(words("--yes", "--pairs", "40"), { cwd: folder, env });
    handle = (question, response) => {
      if (questions.length <= 6) {
        answer(question, response);
      } else {
        stopped++;
        killed.kill("SIGKILL");
      }
    };
    await once(killed, "close");
    // The second pass is asked only when all answers of the first are written down; its own may be on their way.
    const answered = questions.slice(0, 4);
    questions = [];
    handle = answer;
    const { code, stdout } = await fuzzc(
      "--yes",
      "--pairs",
      "40",
      "--json",
      "--keep-pairs",
      "a.jsonl",
    );
    expect(code).toBe(0);
    expect(stopped).toBeGreaterThan(0);
    const report = JSON.parse(stdout);
    expect(report.teacher).toMatchObject({
      pairs: 40,
      wanted: 40,
      name: expect.stringMatching("tiny"),
    });
    expect(report.teacher.reused).toBeGreaterThanOrEqual(4);
    expect(questions).toHaveLength(10 - report.teacher.reused);
    expect(questions.filter((question) => answered.includes(question))).toEqual([]);
    const { meta } = await readProgram(await readFile(join(folder, "review.paw")));
    expect(meta.measured).toMatchObject({ examples: 42, teacher_pairs: 40 });

    questions = [];
    const again = await fuzzc("--pairs", "40", "--json");
    expect(JSON.parse(again.stdout)).toMatchObject({
      program_id: report.program_id,
      cached: true,
      teacher: { requests: 0 },
    });
    expect(questions).toEqual([]);
  });

  test("keeps the pairs in a file that a function can name as its examples", async () => {
    const kept = await readFile(join(folder, "a.jsonl"), "utf8");
    expect(kept.split("\n")).toHaveLength(41);
    const yaml = "spec: Is the review good or bad?\noutput: [good, bad]\nexamples: a.jsonl\n";
    await writeFile(join(folder, "reuse.fuzz.yaml"), yaml);
    const run = await runFuzzc(["compile", "reuse.fuzz.yaml", "--interpreter", "encoder"], {
      cwd: folder,
      env,
    });
    expect(run).toMatchObject({ code: 0, stderr: "" });
    expect(run.stdout).toContain("of 40 held-back examples right");
    await writeFile(join(folder, "a.jsonl"), kept.slice(20));
    const refused = await fuzzc("--pairs", "40", "--keep-pairs", "a.jsonl");
    expect(refused.stderr).toContain("FUZZ_FILE_EXISTS");
    expect(await readFile(join(folder, "a.jsonl"), "utf8")).toBe(kept.slice(20));
  });

  test("hides the key: in errors, and from the cache", async () => {
    handle = (_, response) => response.writeHead(401).end(`{"error":{"message":"not ${key}"}}`);
    const { code, stdout, stderr } = await fuzzc("--yes", "--pairs", "41");
    expect(code).toBe(3);
    expect(stderr).toContain("FUZZ_TEACHER_UNAUTHORISED");
    expect(stdout + stderr).not.toContain(key);
    const journals = join(folder, "home", "teachers");
    for (const name of await readdir(journals)) {
      expect(
        name.endsWith(".lock") ? "" : await readFile(join(journals, name), "utf8"),
      ).not.toContain(key);
    }
  });

  test("ends at Ctrl-C, and leaves what was answered for the next run", async () => {
    const asking = startFuzzc(words("--yes", "--pairs", "50"), { cwd: folder, env });
    handle = () => asking.kill("SIGINT");
    const [code] = await once(asking, "close");
    expect(code).toBe(130);
    handle = answer;
    const { stdout } = await fuzzc("--yes", "--pairs", "50", "--json");
    expect(JSON.parse(stdout).teacher).toMatchObject({ pairs: 50, reused: 10 });
  });

  test.each([
    [["-O3"], "-O3 takes a teacher"],
    [["--pairs", "3"], "--pairs takes a teacher"],
    [["--teacher", "http://localhost:1/v1"], "name of its model"],
    [["--teacher", "x.gguf", "--teacher-model", "y"], "goes with a URL"],
    [["--teacher", "gpt"], "neither a URL nor a .gguf"],
    [["--teacher", "x.gguf", "-O1"], "nothing to do at -O1"],
  ])("refuses %j", async (more, trouble) => {
    const { code, stderr } = await runFuzzc(["compile", "review.fuzz.yaml", ...more], {
      cwd: folder,
      env,
    });
    expect([code, stderr]).toEqual([2, expect.stringContaining(trouble)]);
  });
});
