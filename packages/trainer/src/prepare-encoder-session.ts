import { type Encoder, loadEngine, openGgml, openModelTensors } from "@fuzzc/llama";
import { FuzzError } from "@fuzzc/program";
import type { LabelCase } from "./encoder-row.ts";
import {
  type EncoderShape,
  encoderModuleShape,
  encoderModules,
  readEncoderShape,
} from "./encoder-shape.ts";
import { runLowerEncoder } from "./encoder-states.ts";
import { EncoderTrainee } from "./encoder-trainee.ts";
import { loadEncoderWeights } from "./encoder-weights.ts";
import { initialiseLora, LoraTensors, layOutLora, rateSpans } from "./lora.ts";
import { writeLora } from "./lora-file.ts";
import { PrototypeTensors } from "./prototype-tensors.ts";
import { Random } from "./random.ts";
import type { EncoderOptions, LabelExample, Session } from "./session.ts";

// A row's attention takes memory with the square of its length.
const maxRowLength = 256;

/**
 * Reads the encoder, and runs its frozen part over all examples.
 * @throws FuzzError FUZZ_MODEL_UNSUPPORTED, FUZZ_OUT_OF_RANGE, and what `Engine.openEncoder` throws
 */
export async function prepareEncoderSession(options: EncoderOptions): Promise<Session> {
  const { modelPath, rank, rates, scale } = options;
  const { train, heldBack } = await tokenizeExamples(options);
  const ggml = openGgml();
  const file = await openModelTensors(modelPath);
  const shape = readEncoderShape(file);
  const layers = trainedLayers(options, shape);
  const worktop = ggml.openWorktop();
  const source = { ggml, worktop, file };
  const weights = await loadEncoderWeights(source, shape);
  const [firstLayer = 0] = layers;
  const all = [...train, ...heldBack];
  const lower = { ggml, worktop, shape, weights, firstLayer };
  const cases = await runLowerEncoder(lower, all, maxRowLength);
  const dimensions = (_: number, module: (typeof encoderModules)[number]) =>
    encoderModuleShape(shape, module);
  const layout = layOutLora(rank, layers, dimensions, encoderModules);
  const lora = new LoraTensors(worktop, layout);
  const prototypes = new PrototypeTensors(worktop, shape.size, options.bias);
  const values = new Float32Array(layout.count + options.prototypes.length);
  values.set(initialiseLora(layout, new Random(options.seed)));
  values.set(options.prototypes, layout.count);
  const trainee = new EncoderTrainee({
    ggml,
    worktop,
    shape,
    layers: layers.map((layer) => ({
      ...(weights.layers[layer] as (typeof weights.layers)[number]),
      lora: lora.layer(layer),
    })),
    layout,
    lora,
    prototypes,
    scale,
    maxLength: maxRowLength,
  });
  return {
    values,
    spans: [
      ...rateSpans(layout, rates),
      { start: layout.count, end: values.length, rate: rates.prototypes },
    ],
    trainCount: train.length,
    heldBackCount: heldBack.length,
    skipped: 0,
    differentiate(now, numbers) {
      const drawn = numbers.flatMap((index) => cases[index] ?? []);
      return trainee.differentiate(now, drawn);
    },
    evaluate: (now) => trainee.evaluate(now, cases.slice(train.length)),
    write: (now) => ({
      adapter: writeLora([{ layout, values: now }], "bert"),
      prototypes: now.slice(layout.count),
    }),
    [Symbol.dispose]() {
      prototypes[Symbol.dispose]();
      lora[Symbol.dispose]();
      weights[Symbol.dispose]();
      worktop[Symbol.dispose]();
    },
  };
}

async function tokenizeExamples({ modelPath, examples, heldBack }: EncoderOptions) {
  await using encoder = await loadEngine().openEncoder(modelPath);
  return {
    train: examples.map((example) => tokenizeExample(encoder, example)),
    heldBack: heldBack.map((example) => tokenizeExample(encoder, example)),
  };
}

function tokenizeExample(encoder: Encoder, { input, label }: LabelExample): LabelCase {
  const tokens = encoder.tokenize(input);
  const branch = tokens.slice(0, encoder.maxTokens);
  branch[branch.length - 1] = tokens.at(-1) as number;
  return { branch, label };
}

function trainedLayers(
  { layers, prototypes, bias }: EncoderOptions,
  shape: EncoderShape,
): number[] {
  const { layerCount, size } = shape;
  const count = layers ?? layerCount;
  if (count > layerCount || prototypes.length !== bias.length * size) {
    throw new FuzzError(
      `An encoder of ${layerCount} layers and vectors of ${size} numbers can't be trained so`,
      { code: "FUZZ_OUT_OF_RANGE" },
    );
  }
  return Array.from({ length: count }, (_, index) => layerCount - count + index);
}
