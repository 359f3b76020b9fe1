import { readFileSync } from "node:fs";
import { openGgml, openModelTensors, testEncoderPath } from "@fuzzc/llama";
import { expect, test } from "vitest";
import { tensorName } from "./base-shape.ts";
import { encoderModuleShape, encoderModules, readEncoderShape } from "./encoder-shape.ts";
import { runLowerEncoder } from "./encoder-states.ts";
import { EncoderTrainee } from "./encoder-trainee.ts";
import { loadEncoderWeights } from "./encoder-weights.ts";
import { LoraTensors, layOutLora } from "./lora.ts";
import { PrototypeTensors } from "./prototype-tensors.ts";
import { Random } from "./random.ts";
import { expectGradients, type Sketch } from "./sketch.fixture.ts";

// Written by training/fuzzc_training/encoder_trainer_reference.py.
const reference = JSON.parse(
  readFileSync(new URL("../reference/encoder-gradient.json", import.meta.url), "utf8"),
) as {
  seed: number;
  rank: number;
  firstLayer: number;
  scale: number;
  bias: number[];
  cases: { tokens: number[]; label: number }[];
  loss: number;
  gradients: Record<string, Sketch>;
};

// The second way splits the batch into rows.
test.each([512, 32])("gives PyTorch's gradients in rows of %i tokens", async (maxLength) => {
  const ggml = openGgml();
  using worktop = ggml.openWorktop();
  const file = await openModelTensors(testEncoderPath());
  const shape = readEncoderShape(file);
  const { rank, firstLayer, bias, scale } = reference;
  using weights = await loadEncoderWeights({ ggml, worktop, file }, shape);
  const cases = reference.cases.map(({ tokens, label }) => ({
    branch: Int32Array.from(tokens),
    label,
  }));
  const lower = { ggml, worktop, shape, weights, firstLayer };
  const ready = await runLowerEncoder(lower, cases, maxLength);
  const numbers = Array.from(weights.layers.keys()).slice(firstLayer);
  const layout = layOutLora(
    rank,
    numbers,
    (_, module) => encoderModuleShape(shape, module),
    encoderModules,
  );
  using lora = new LoraTensors(worktop, layout);
  using prototypes = new PrototypeTensors(worktop, shape.size, bias);
  const layers = numbers.map((layer) => ({ ...weights.layers[layer]!, lora: lora.layer(layer) }));
  const trainee = new EncoderTrainee({
    ggml,
    worktop,
    shape,
    layers,
    layout,
    lora,
    prototypes,
    scale,
    maxLength,
  });
  const values = drawParameters(layout, bias.length * shape.size);
  const { score, gradient } = await trainee.differentiate(values, ready);

  expect(Math.abs(score.loss / reference.loss - 1)).toBeLessThan(0.01);
  const gradients = new Map([["prototypes", gradient.subarray(layout.count)]]);
  for (const { layer, module, a, b, end } of layout.entries) {
    gradients.set(`${tensorName(layer, module)}.a`, gradient.subarray(a, b));
    gradients.set(`${tensorName(layer, module)}.b`, gradient.subarray(b, end));
  }
  expect(gradients.size).toBe(Object.keys(reference.gradients).length);
  expectGradients(gradients, reference, { each: 0.998, all: 0.9995 });
});

/** The pseudo-random parameters that the script draws too. */
function drawParameters(
  { entries, count }: ReturnType<typeof layOutLora>,
  further: number,
): Float32Array {
  const random = new Random(reference.seed);
  const values = new Float32Array(count + further);
  for (const { a, b, end, dIn } of entries) {
    for (let i = a; i < end; i++) {
      values[i] = (random.next() - 0.5) * (i < b ? 2 / Math.sqrt(dIn) : 0.04);
    }
  }
  for (let i = count; i < values.length; i++) {
    values[i] = (random.next() - 0.5) * 0.03;
  }
  return values;
}
