import { fileURLToPath } from "node:url";
import { type Interpreter, openInterpreter } from "@fuzzc/interpreter";
import { testModelPath } from "@fuzzc/llama";
import { FuzzError, readProgram, writeProgram } from "@fuzzc/program";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildAdapter } from "./build-adapter.ts";
import { compileProgram } from "./compile-function.ts";
import type { CompileRequest } from "./compile-request.ts";
import { askProgram } from "./cross-validate.ts";
import { type Compiler, loadCompiler } from "./load-compiler.ts";

const folder = fileURLToPath(new URL("../../../compilers/smol", import.meta.url));
const upper: CompileRequest = {
  spec: "Write the word in capital letters.",
  output: { type: "text" },
  examples: ["apple", "river", "cloud", "green", "stone", "night"].map((word) => ({
    input: word,
    output: word.toUpperCase(),
  })),
};
const colour: CompileRequest = {
  spec: "Say whether the text is about water or fire.",
  output: { type: "labels", labels: ["water", "fire"] },
};

let interpreter: Interpreter;
let compiler: Compiler;

beforeAll(async () => {
  compiler = await loadCompiler(folder);
  const { name, sourceSha256, quantisation } = compiler.manifest.base;
  interpreter = await openInterpreter({
    modelPath: testModelPath(),
    base: { name, source_sha256: sourceSha256, quantisation },
    threads: 1,
  });
});
afterAll(() => interpreter?.dispose());

const compile = (request: CompileRequest, level?: "O0" | "O1" | "O2", signal?: AbortSignal) =>
  compileProgram(request, {
    compiler,
    interpreter,
    ...(level && { level }),
    ...(signal && { signal }),
  });

test("the same spec, examples and compiler give the same bytes", async () => {
  const [first, second] = [await compile(upper), await compile(upper)];
  expect(await writeProgram(second.program)).toEqual(await writeProgram(first.program));
  expect(second.report).toEqual(first.report);
});

test("a thin program of kilobytes comes back from its file and answers the same", async () => {
  const { program, adapter } = await compile(colour, "O0");
  const bytes = await writeProgram(program);
  expect(bytes.length).toBeLessThan(20_000);
  const copy = await readProgram(bytes);
  expect(buildAdapter(copy, compiler)).toEqual(adapter);
  const asked = [{ input: "the river rose" }, { input: "smoke over the hill" }];
  const [here, there] = [
    await askProgram(program, asked, { interpreter, adapter }),
    await askProgram(copy, asked, { interpreter, adapter: buildAdapter(copy, compiler) }),
  ];
  expect(there.map(({ labels }) => labels)).toEqual(here.map(({ labels }) => labels));
});

test("another spec gives another adapter", async () => {
  const [first, second] = [await compile(colour, "O0"), await compile(upper, "O0")];
  expect(first.adapter).not.toEqual(second.adapter);
});

test("-O0 shows no example and says what the spec alone does with them", async () => {
  const { program, report } = await compile(upper, "O0");
  expect(program.meta.examples).toEqual([]);
  expect(report.specOnly?.total).toBe(6);
  expect(program.meta.measured?.learned).toBe(false);
});

test("-O1 chooses by examples that the asked program had not seen", async () => {
  const steps: string[] = [];
  const { program, report } = await compileProgram(upper, {
    compiler,
    interpreter,
    onProgress: ({ stage, done, of }) => steps.push(`${stage} ${done}/${of}`),
  });
  expect(report.level).toBe("O1");
  expect(report.heldBack?.total).toBe(6);
  expect(program.meta.examples.length).toBe(report.shown);
  expect(steps.at(-1)).toBe("examples 2/2");
});

test("examples that teach nothing are called that", async () => {
  const { report } = await compile({
    spec: "Give the code.",
    output: { type: "text" },
    examples: ["qx", "zv", "pj", "wk"].map((input, index) => ({
      input,
      output: ["7f3a", "c09e", "15bd", "e268"][index]!,
    })),
  });
  expect(report.learned).toBe(false);
  expect(report.summary).toContain("learned nothing");
});

test("a threshold is calibrated only for a function that may abstain", async () => {
  const examples = [
    { input: "the lake froze", output: "water" },
    { input: "rain all day", output: "water" },
    { input: "the match flared", output: "fire" },
    { input: "embers in the hearth", output: "fire" },
  ];
  const never = await compile({ ...colour, examples });
  expect(never.program.meta.thresholds.min_probability).toBe(0);
  const given = await compile({ ...colour, examples, otherwise: null, minProbability: 0.7 });
  expect(given.program.meta.thresholds.min_probability).toBe(0.7);
  const abstaining = await compile({ ...colour, examples, otherwise: null });
  const { min_probability } = abstaining.program.meta.thresholds;
  expect(min_probability).toBeLessThanOrEqual(1);
  expect(min_probability > 0).toBe(abstaining.report.heldBack!.exact > 0);
});

test("a compile can be cancelled", async () => {
  const cancelled = compile(upper, "O1", AbortSignal.abort());
  await expect(cancelled).rejects.toSatisfy(FuzzError.isInstance);
});

test("coefficients of another compiler are refused", async () => {
  const { program } = await compile(colour, "O0");
  program.meta.compiler = { name: "other", version: "1", weights_sha256: "0".repeat(64) };
  expect(() => buildAdapter(program, compiler)).toThrow(
    expect.objectContaining({ code: "FUZZ_COMPILER_MISMATCH" }),
  );
});

test("a folder without a compiler is named", async () => {
  await expect(loadCompiler("/nowhere")).rejects.toMatchObject({ code: "FUZZ_COMPILER_MISSING" });
});

test("-O2 trains, and keeps what is better on examples that it did not train on", async () => {
  const words = ["apple", "river", "cloud", "green", "stone", "night"];
  const request: CompileRequest = {
    spec: "Answer with the word and an arrow, then the word backwards.",
    output: { type: "text" },
    // Too hard for -O1 to answer all: nothing would be trained then.
    examples: words.map((word) => ({
      input: word,
      output: `${word} => ${[...word].reverse().join("")}`,
    })),
  };
  const stages = new Set<string>();
  const { program, adapter, report } = await compileProgram(request, {
    compiler,
    interpreter,
    level: "O2",
    onProgress: ({ stage }) => stages.add(stage),
  });
  const { trained, prompted, losses, winner, steps } = report.training!;
  expect(trained.total).toBe(6);
  expect(steps).toBeGreaterThan(0);
  const lead = trained.exact - prompted.exact || losses.prompted - losses.trained;
  expect(winner).toBe(lead > 0 ? "training" : "prompt");
  expect(report.heldBack).toEqual(winner === "training" ? trained : prompted);
  expect(stages).toEqual(new Set(["spec", "examples", "training"]));
  const copy = await readProgram(await writeProgram(program));
  expect(copy.meta.adapter.form === "full").toBe(winner === "training");
  expect(buildAdapter(copy, compiler)).toEqual(adapter);
}, 600_000);

test("-O2 does not train where -O1 answers every example", async () => {
  const request: CompileRequest = {
    spec: "Write the word as it is, then a full stop.",
    output: { type: "text" },
    examples: ["apple", "river", "cloud", "green"].map((input) => ({ input, output: `${input}.` })),
  };
  const { report } = await compileProgram(request, { compiler, interpreter, level: "O2" });
  expect(report.heldBack).toEqual({ exact: 4, total: 4 });
  expect(report.training).toBeUndefined();
  expect(report.summary).toMatch(/^-O2: 4 of 4 .*; no training needed$/);
});

test("-O2 that is stopped before it has learned anything is -O1", async () => {
  const training = { stop: AbortSignal.abort() };
  const { report } = await compileProgram(upper, { compiler, interpreter, level: "O2", training });
  expect(report.training).toBeUndefined();
  expect(report.heldBack?.total).toBe(6);
});
