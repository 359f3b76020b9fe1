import { fileURLToPath } from "node:url";
import {
  type EncoderInterpreter,
  type Interpreter,
  openEncoderInterpreter,
  openInterpreter,
} from "@fuzzc/interpreter";
import { testEncoderPath, testModelPath } from "@fuzzc/llama";
import { type Example, readProgram, writeProgram } from "@fuzzc/program";
import { afterAll, beforeAll, expect, test } from "vitest";
import { chooseKinds, compileProgram } from "./compile-function.ts";
import type { CompileRequest } from "./compile-request.ts";
import { type Compiler, loadCompiler } from "./load-compiler.ts";

const topic: CompileRequest = {
  spec: "What is the text about: animals, food or money?",
  output: { type: "labels", labels: ["animals", "food", "money"] },
};
const pairs = (list: [string, string][]): Example[] =>
  list.map(([input, output]) => ({ input, output }));
const examples = pairs([
  ["the cow gave birth", "animals"],
  ["two loaves, please", "food"],
  ["the bank is closed", "money"],
  ["a flock of geese", "animals"],
  ["soup of the day", "food"],
  ["my salary came late", "money"],
]);

let encoder: EncoderInterpreter;
let interpreter: Interpreter;
let compiler: Compiler;

beforeAll(async () => {
  compiler = await loadCompiler(fileURLToPath(new URL("../../../compilers/smol", import.meta.url)));
  const { name, sourceSha256, quantisation } = compiler.manifest.base;
  interpreter = await openInterpreter({
    modelPath: testModelPath(),
    base: { name, source_sha256: sourceSha256, quantisation },
    threads: 1,
  });
  encoder = await openEncoderInterpreter({
    modelPath: testEncoderPath(),
    base: { name: "all-minilm-l6-v2", source_sha256: "5".repeat(64), quantisation: "Q8_0" },
    threads: 1,
  });
});
afterAll(async () => {
  await interpreter?.dispose();
  await encoder?.dispose();
});

test("says which models a compile takes", () => {
  const text: CompileRequest = { spec: "Shout it.", output: { type: "text" } };
  expect(chooseKinds(text, {})).toEqual(["language"]);
  expect(chooseKinds(topic, {})).toEqual(["encoder"]);
  expect(chooseKinds({ ...topic, examples }, {})).toEqual(["encoder", "language"]);
  expect(chooseKinds({ ...topic, examples }, { level: "O0" })).toEqual(["encoder"]);
  expect(chooseKinds({ ...topic, examples }, { kind: "language" })).toEqual(["language"]);
});

test("a label function needs no language model, and is a program of kilobytes", async () => {
  const { program, adapter, report } = await compileProgram(topic, { encoder });
  expect(adapter).toBeNull();
  expect(report).toMatchObject({ interpreter: "encoder", level: "O0", learned: false });
  const bytes = await writeProgram(program);
  expect(bytes.length).toBeLessThan(6000);
  await using loaded = await encoder.load(await readProgram(bytes));
  expect((await loaded.run("The dog barked all night.")).text).toBe("animals");
  expect((await loaded.run("I ate two sandwiches.")).text).toBe("food");
});

test("the same request gives the same bytes, and examples change them", async () => {
  const make = async (request: CompileRequest) =>
    writeProgram((await compileProgram(request, { encoder, kind: "encoder" })).program);
  const [first, second] = [await make({ ...topic, examples }), await make({ ...topic, examples })];
  expect(second).toEqual(first);
  expect(await make(topic)).not.toEqual(first);
});

test("examples teach what the spec does not say, and the report says so", async () => {
  const swapped: CompileRequest = {
    spec: "Put the text in group a or group b.",
    output: { type: "labels", labels: ["a", "b"] },
    examples: pairs([
      ["the cow gave birth", "a"],
      ["two loaves, please", "b"],
      ["a flock of geese", "a"],
      ["soup of the day", "b"],
      ["our cat had kittens", "a"],
      ["cheese and bread", "b"],
      ["a horse in the stable", "a"],
      ["roast potatoes", "b"],
      ["puppies bark", "a"],
      ["rice with beans", "b"],
      ["the sheep ran off", "a"],
      ["apple pie", "b"],
    ]),
  };
  const { program, report } = await compileProgram(swapped, { encoder, kind: "encoder" });
  expect(report.heldBack?.exact).toBeGreaterThanOrEqual(10);
  expect(report.learned).toBe(true);
  expect(program.meta.measured).toMatchObject({ level: "O1", examples: 12, learned: true });
  await using loaded = await encoder.load(program);
  expect((await loaded.run("a wild pig")).text).toBe("a");
});

test("the language model takes over only when it wins by more than chance", async () => {
  const both = { ...topic, examples };
  const chosen = await compileProgram(both, { encoder, interpreter, compiler });
  expect(chosen.report.interpreter).toBe("encoder");
  expect(chosen.report.summary).toContain("by the encoder");
  const forced = await compileProgram(both, { encoder, interpreter, compiler, kind: "language" });
  expect(forced.report.interpreter).toBe("language");
  expect(forced.program.prototypes).toBeUndefined();
});

test("a threshold is calibrated for a function that may abstain", async () => {
  const options = { encoder, kind: "encoder" as const };
  const never = await compileProgram({ ...topic, examples }, options);
  expect(never.program.meta.thresholds.min_probability).toBe(0);
  const may = await compileProgram({ ...topic, examples, otherwise: null }, options);
  expect(may.program.meta.thresholds.min_probability).toBeGreaterThan(0.3);
  const bySpec = { ...options, level: "O0" as const };
  const plain = await compileProgram({ ...topic, examples, otherwise: null }, bySpec);
  expect(plain.program.meta.thresholds.min_probability).toBeGreaterThan(0);
  const given = await compileProgram({ ...topic, examples, minProbability: 0.7 }, options);
  expect(given.program.meta.thresholds.min_probability).toBe(0.7);
});

test("what can't be compiled is refused", async () => {
  const text: CompileRequest = { spec: "Shout it.", output: { type: "text" } };
  await expect(compileProgram(text, { encoder, kind: "encoder" })).rejects.toMatchObject({
    code: "FUZZ_ENCODER_LABELS_ONLY",
  });
  await expect(compileProgram(text, { encoder })).rejects.toMatchObject({
    code: "FUZZ_OPTION_INVALID",
  });
  const cancelled = compileProgram(topic, { encoder, signal: AbortSignal.abort() });
  await expect(cancelled).rejects.toMatchObject({ code: "FUZZ_CANCELLED" });
});
