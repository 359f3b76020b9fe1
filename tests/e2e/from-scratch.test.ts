import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { testModelPath } from "@fuzzc/llama";
import { readProgram } from "@fuzzc/program";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeTinyBase } from "../../packages/trainer/src/tiny-base.fixture.ts";
import { runFuzzc } from "./run-fuzzc.ts";

const list = (words: string[], output: string) =>
  words.map((input) => `  - { input: ${input}, output: ${output} }\n`).join("");
const words = Array.from({ length: 48 }, (_, index) => `word ${index}`);
const polite = `spec: Thank for the message.
output: text
examples:
${list(words, "thx")}`;
// Too hard for examples in the prompt alone: nothing would be trained then.
const backwards = `spec: Say it backwards.
output: text
examples:
${["mouse", "horse", "tiger", "zebra"].map((one) => list([one], [...one].reverse().join(""))).join("")}`;
const parity = `spec: Is the word a number?
output: [yes, no]
compiler: none
examples:
${list(["one", "two", "six", "ten"], "yes")}${list(["red", "sun", "sky", "tea"], "no")}`;

let folder: string;
let env: NodeJS.ProcessEnv;
const run = (...words: string[]) => runFuzzc(words, { cwd: folder, env });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fuzzc-e2e-"));
  env = { FUZZC_HOME: join(folder, "home"), FUZZC_OFFLINE: "1" };
  await writeFile(join(folder, "polite.fuzz.yaml"), polite);
  await writeFile(join(folder, "backwards.fuzz.yaml"), backwards);
  await writeFile(join(folder, "parity.fuzz.yaml"), parity);
  await copyFile(writeTinyBase(), join(folder, "mine.gguf"));
  await copyFile(writeTinyBase({ chat: false, seed: 8 }), join(folder, "other.gguf"));
});
afterAll(() => rm(folder, { recursive: true }));

const compile = ["compile", "polite.fuzz.yaml", "--from-scratch", "--json"];

test("a base without a compiler learns by -O2, and is needed again to run", async () => {
  const made = await run(...compile, "-O2", "--base", "mine.gguf");
  expect(made).toMatchObject({ code: 0, stderr: "" });
  expect(JSON.parse(made.stdout)).toMatchObject({
    level: "O2",
    interpreter: "language",
    training: { winner: "training", prompted: { exact: 0 } },
    heldBack: { exact: 9, total: 9 },
    specOnly: { exact: 0, total: 9 },
    learned: true,
  });
  const { meta } = await readProgram(await readFile(join(folder, "polite.paw")));
  expect(meta).toMatchObject({
    adapter: { form: "full", scale: 1 },
    base: { name: "mine", quantisation: "Q8_0" },
  });
  expect(meta.base.source_sha256).toMatch(/^[0-9a-f]{64}$/);
  expect(meta.compiler).toBeUndefined();
  expect(meta.prompt_form).toBeUndefined();

  const asked = ["run", "polite.paw", "word 7"];
  expect(await run(...asked, "--base", "mine.gguf")).toMatchObject({ code: 0, stdout: "thx\n" });
  expect(await run(...asked)).toMatchObject({
    code: 3,
    stderr: expect.stringMatching(/base model mine .*FUZZ_BASE_NEEDED[\s\S]*--base/),
  });
  expect(await run(...asked, "--base", "other.gguf")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("FUZZ_BASE_MISMATCH"),
  });
});

test("a base without ChatML has a plain prompt, in which it is trained", async () => {
  const base = ["--base", "other.gguf"];
  const made = await run(...compile, "-O2", ...base, "-o", "plain.paw");
  expect(made).toMatchObject({ code: 0, stderr: "" });
  expect(JSON.parse(made.stdout)).toMatchObject({ heldBack: { exact: 9, total: 9 } });
  const answer = await run("run", "plain.paw", "word 7", ...base);
  expect(answer).toMatchObject({ code: 0, stdout: "thx\n" });
});

test("a base without ChatML has a plain prompt, that shows examples at -O1", async () => {
  const words = ["--base", "other.gguf", "--json"];
  const made = await run("compile", "parity.fuzz.yaml", "-O1", ...words);
  expect(made).toMatchObject({ code: 0, stderr: "" });
  const { meta, promptTemplate } = await readProgram(await readFile(join(folder, "parity.paw")));
  expect(meta).toMatchObject({
    adapter: { form: "none" },
    prompt_form: { form: "plain-1", begin: "<|begin|>", end: "<|end|>" },
  });
  expect(promptTemplate).toMatch(/^<\|begin\|>### Task\nIs the word a number\?/);
  const answer = await run("run", "parity.paw", "nine", ...words);
  expect(answer.code).toBe(0);
  expect(JSON.parse(answer.stdout)).toMatchObject({ output: expect.stringMatching(/^(yes|no)$/) });
});

test("the spec alone takes a compiler that was made for the base", async () => {
  expect(await run(...compile, "-O0", "--base", "mine.gguf")).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/compiler for the base model mine.*FUZZ_COMPILER_NEEDED/),
  });
  expect(await run("compile", "polite.fuzz.yaml", "--base", "mine.gguf")).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/FUZZ_COMPILER_MISMATCH[\s\S]*--from-scratch/),
  });
  expect(await run(...compile, "-O2", "--interpreter", "encoder")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("FUZZ_OPTION_INVALID"),
  });
});

test("SmolLM2 is trained from scratch as well, and its program runs on no other base", async () => {
  const base = ["--base", testModelPath()];
  const budget = ["-O2", "--minutes", "0.05"];
  const made = await run(
    "compile",
    "backwards.fuzz.yaml",
    "--from-scratch",
    "--json",
    ...budget,
    ...base,
  );
  expect(made).toMatchObject({ code: 0, stderr: "" });
  const { training } = JSON.parse(made.stdout);
  expect(training.losses.trained).toBeLessThanOrEqual(training.losses.prompted);
  const asked = ["run", "backwards.paw", "moon"];
  expect(await run(...asked, ...base)).toMatchObject({ code: 0, stderr: "" });
  expect(await run(...asked, "--base", "mine.gguf")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("FUZZ_BASE_MISMATCH"),
  });
});
