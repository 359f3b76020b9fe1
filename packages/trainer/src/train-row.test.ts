import { readFileSync } from "node:fs";
import { ggmlTypes, loadEngine, openGgml, openModelTensors, testModelPath } from "@fuzzc/llama";
import { expect, test } from "vitest";
import { moduleShape, readBaseShape, tensorName } from "./base-shape.ts";
import { loadUpperWeights } from "./frozen-weights.ts";
import { LoraTensors, layOutLora } from "./lora.ts";
import { runLowerLayers } from "./lower-states.ts";
import { joinRow, packRow, weighCases } from "./pack-row.ts";
import { Random } from "./random.ts";
import { expectGradients, type Sketch } from "./sketch.fixture.ts";
import { tokenizeCase, tokenizePrefix } from "./token-cases.ts";
import { runUpperRow } from "./train-row.ts";

// Written by training/fuzzc_training/trainer_reference.py.
const reference = JSON.parse(
  readFileSync(new URL("../reference/gradient.json", import.meta.url), "utf8"),
) as {
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
  const { loss, gradients } = await differentiateReference(ggmlTypes[type]);
  expect(Math.abs(loss / reference.loss - 1)).toBeLessThan(0.01);
  expectGradients(gradients, reference, { each, all });
});

async function tokenizeReference() {
  await using model = await loadEngine().openModel(testModelPath());
  return {
    prefix: tokenizePrefix(model, reference),
    cases: reference.cases.map((example) => tokenizeCase(model, example)),
  };
}

async function differentiateReference(lowerType: number) {
  const { prefix, cases } = await tokenizeReference();
  const { firstLayer, rank } = reference;
  const ggml = openGgml();
  using worktop = ggml.openWorktop();
  const file = await openModelTensors(testModelPath());
  const shape = readBaseShape(file);
  const source = { ggml, worktop, file, shape, firstLayer };
  const [lower] = await runLowerLayers(source, [{ prefix, cases }], 1024, lowerType);
  using upper = await loadUpperWeights(source);
  const numbers = upper.layers.map((_, index) => firstLayer + index);
  const layout = layOutLora(rank, numbers, (...where) => moduleShape(file, ...where));
  using lora = new LoraTensors(worktop, layout);
  lora.write(drawAdapter(layout));

  const row = packRow(prefix.length, cases);
  const states = new Float32Array(row.length * shape.size);
  joinRow(states, [lower!.prefix, ...lower!.cases.map((one) => one.states)]);
  const caseWeights = weighCases(cases);
  const weights = Float32Array.from(row.owners, (owner) => caseWeights[owner] ?? 0);
  const layers = upper.layers.map((layer, index) => ({
    ...layer,
    lora: lora.layer(firstLayer + index),
  }));
  const model = { shape, layout, head: upper.head, layers };
  const { losses, gradient = new Float32Array(0) } = await runUpperRow(
    ggml,
    worktop,
    model,
    row,
    states,
    weights,
  );
  const gradients = new Map<string, Float32Array>();
  for (const { layer, module, a, b, end } of layout.entries) {
    gradients.set(`${tensorName(layer, module)}.a`, gradient.subarray(a, b));
    gradients.set(`${tensorName(layer, module)}.b`, gradient.subarray(b, end));
  }
  const loss = losses.reduce((sum, one, index) => sum + one * (weights[index] ?? 0), 0);
  return { loss, gradients };
}

/** The pseudo-random adapter that the script draws too. */
function drawAdapter({ entries, count }: ReturnType<typeof layOutLora>): Float32Array {
  const random = new Random(reference.seed);
  const values = new Float32Array(count);
  for (const { a, b, end, dIn } of entries) {
    for (let i = a; i < end; i++) {
      values[i] = (random.next() - 0.5) * (i < b ? 2 / Math.sqrt(dIn) : 0.04);
    }
  }
  return values;
}
