import { readFileSync } from "node:fs";
import { ggmlTypes, loadEngine, testModelPath } from "@fuzzc/llama";
import { expect, test } from "vitest";
import { differentiateRow } from "./differentiate-row.fixture.ts";
import { joinRow, packRow } from "./pack-row.ts";
import { expectGradients, type Sketch } from "./sketch.fixture.ts";
import { writeTinyBase } from "./tiny-base.fixture.ts";
import { tokenizeCase, tokenizePrefix } from "./token-cases.ts";

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../reference/${name}`, import.meta.url), "utf8"));
// Written by training/fuzzc_training/trainer_reference.py.
const reference = read("gradient.json") as {
  seed: number;
  rank: number;
  firstLayer: number;
  task: string;
  examples: { input: string; output: string }[];
  cases: { input: string; output: string }[];
  rowIds: number[];
  targets: number[];
  loss: number;
  losses: number[];
  gradients: Record<string, Sketch>;
};

test("packs the row that the reference was made from", async () => {
  const { prefix, cases } = await tokenizeReference();
  const row = packRow(prefix.length, cases);
  const tokens = new Int32Array(row.length);
  joinRow(tokens, [prefix, ...cases.map(({ branch }) => branch)]);
  expect([...tokens.subarray(0, reference.rowIds.length)]).toEqual(reference.rowIds);
  expect([...row.targets]).toEqual(reference.targets);
});

// The lower layers, in BF16 as they are trained on, and in F32 as in PyTorch.
test.each([
  { type: "BF16", all: 0.999, each: 0.995 },
  { type: "F32", all: 0.9995, each: 0.998 },
] as const)("gives PyTorch's gradients on states in $type", async ({ type, all, each }) => {
  const { loss, gradients } = await differentiateRow({
    ...reference,
    ...(await tokenizeReference()),
    modelPath: testModelPath(),
    lowerType: ggmlTypes[type],
  });
  expect(Math.abs(loss / reference.loss - 1)).toBeLessThan(0.01);
  expectGradients(gradients, reference, { each, all });
});

// Written by training/fuzzc_training/qwen3_trainer_reference.py.
const qwen3 = read("qwen3-gradient.json") as {
  seed: number;
  rank: number;
  firstLayer: number;
  tokens: number[];
  answer: number;
  losses: number[];
  gradients: Record<string, Sketch>;
};

test("gives PyTorch's gradients on a qwen3 base, whose heads have norms", async () => {
  const { tokens, answer } = qwen3;
  const branch = Int32Array.from(tokens.slice(0, -1));
  const one = {
    branch,
    answer: Int32Array.from(tokens.slice(-answer)),
    start: branch.length - answer,
  };
  const { losses, gradients } = await differentiateRow({
    ...qwen3,
    modelPath: writeTinyBase(),
    prefix: new Int32Array(0),
    cases: [one],
    lowerType: ggmlTypes.F32,
  });
  losses.forEach((loss, index) => {
    expect(Math.abs(loss / (qwen3.losses[index] as number) - 1)).toBeLessThan(0.01);
  });
  expectGradients(gradients, qwen3, { each: 0.998, all: 0.9995 });
});

async function tokenizeReference() {
  await using model = await loadEngine().openModel(testModelPath());
  return {
    prefix: tokenizePrefix(model, reference),
    cases: reference.cases.map((example) => tokenizeCase(model, example)),
  };
}
