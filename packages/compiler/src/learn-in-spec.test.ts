import { ensureEncoder, guardProgram, openEncoderInterpreter } from "@fuzzc/interpreter";
import { readProgram, writeProgram } from "@fuzzc/program";
import { afterAll, beforeAll, expect, test } from "vitest";
import { compileProgram } from "./compile-function.ts";
import { findDirection } from "./learn-in-spec.ts";

const request = {
  spec: "What a message to the hotel is about: the room, or the food.",
  output: { type: "labels" as const, labels: ["room", "food"] },
  examples: [
    { input: "The bed in 204 creaks", output: "room" },
    { input: "Breakfast was cold today", output: "food" },
    { input: "Our shower has no hot water", output: "room" },
    { input: "Could we get dinner after nine?", output: "food" },
    { input: "The window in our room does not close", output: "room" },
  ],
  otherwise: "something else",
};
let encoder: Awaited<ReturnType<typeof openEncoderInterpreter>>;

beforeAll(async () => {
  const { path, name, sourceSha256, quantisation } = await ensureEncoder();
  const base = { name, source_sha256: sourceSha256, quantisation };
  encoder = await openEncoderInterpreter({ modelPath: path, base, threads: 1 });
});
afterAll(() => encoder.dispose());

test("a function that may abstain learns from its examples what isn't its to answer", async () => {
  const { program } = await compileProgram(request, { encoder, kind: "encoder" });
  const read = await readProgram(await writeProgram(program));
  await using loaded = guardProgram(await encoder.load(read), encoder);
  const own = await loaded.run("The lunch buffet had run out of bread");
  const other = await loaded.run("SELECT name FROM users WHERE id = 7;");
  expect(own.inSpec).toBeGreaterThan(other.inSpec as number);
  expect(own).toMatchObject({ output: "food", abstained: false });
  expect(other).toMatchObject({ output: "something else", abstained: true });
  const answers = [];
  for await (const answer of loaded.map(["The lunch buffet had run out of bread"])) {
    answers.push(answer.inSpec);
  }
  expect(answers).toEqual([own.inSpec]);
});

test("the spec alone says something of it too", async () => {
  const { program } = await compileProgram({ ...request, examples: [] }, { encoder });
  await using loaded = guardProgram(await encoder.load(program), encoder);
  const own = await loaded.run("The lunch buffet had run out of bread");
  const other = await loaded.run("SELECT name FROM users WHERE id = 7;");
  expect(own).toMatchObject({ output: "food", abstained: false });
  expect(other).toMatchObject({ output: "something else", abstained: true });
});

test("vectors of another encoder, or none at all, are refused", async () => {
  const { program } = await compileProgram(request, { encoder, kind: "encoder" });
  const { in_spec: own, ...rest } = program.meta;
  await using other = await encoder.load({
    ...program,
    meta: { ...rest, in_spec: { ...own!, encoder: { ...own!.encoder, quantisation: "F16" } } },
  });
  expect(() => guardProgram(other, encoder)).toThrow("as another version of fuzzc has it");
  const { inSpec: _, ...bare } = program;
  await using without = await encoder.load({ ...bare, meta: rest });
  expect(() => guardProgram(without, encoder)).toThrow("no vectors that tell its inputs");
});

test("it is the same program each time", async () => {
  const compile = async () =>
    writeProgram((await compileProgram(request, { encoder, kind: "encoder" })).program);
  expect(await compile()).toEqual(await compile());
});

test.each([
  ["may not abstain", { otherwise: undefined }],
  ["has a threshold of its own", { minProbability: 0.5 }],
])("a function that %s learns nothing of the kind", async (_, change) => {
  const { program } = await compileProgram({ ...request, ...change } as typeof request, {
    encoder,
    kind: "encoder",
  });
  expect(program.inSpec).toBeUndefined();
  expect(program.meta.in_spec).toBeUndefined();
});

const centre = new Float32Array([1, 0, 0]);
const spec = new Float32Array([1, 0, 2]);
const dot = (a: Float32Array, b: readonly number[]) =>
  a.reduce((sum, value, index) => sum + value * (b[index] as number), 0);

test("without enough examples it is the direction of the spec", () => {
  const few = [new Float32Array([1, 1, 0])];
  const direction = findDirection(spec, few, centre);
  expect([...direction.slice(0, 2)]).toEqual([0, 0]);
  // An input as like the spec as inputs usually are.
  expect(dot(direction, [0, Math.sqrt(1 - 0.28 ** 2), 0.28])).toBeCloseTo(1, 6);
});

test("an input as like the examples as these are to each other scores 1 by them", () => {
  // Products of two different ones: 0.6 four times, 0.28 twice.
  const examples = [
    [1, 1, 0],
    [1, 0.6, 0.8],
    [1, 1, 0],
    [1, 0.6, -0.8],
  ].map((values) => Float32Array.from(values));
  const direction = findDirection(spec, examples, centre);
  const likeness = (1 + 4 * 0.6 - 0.28) / 6;
  const byExamples = (1 + 0.6 + 1 + 0.6) / 4 / likeness;
  // Half as much as the examples counts the spec, to which [0, 1, 0] is not like at all.
  expect(dot(direction, [0, 1, 0])).toBeCloseTo(byExamples / 1.5, 6);
});
