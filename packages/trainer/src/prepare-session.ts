import { loadEngine, openGgml, openModelTensors } from "@fuzzc/llama";
import { FuzzError } from "@fuzzc/program";
import { type BaseShape, moduleShape, readBaseShape } from "./base-shape.ts";
import { checkMemory } from "./check-memory.ts";
import { loadUpperWeights } from "./frozen-weights.ts";
import { initialiseLora, LoraTensors, layOutLora, rateSpans } from "./lora.ts";
import { readLora, writeLora } from "./lora-file.ts";
import { runLowerLayers, type TokenPassage } from "./lower-states.ts";
import { rowLength } from "./pack-row.ts";
import { placeStart } from "./place-start.ts";
import { Random } from "./random.ts";
import { reduceRank } from "./reduce-rank.ts";
import type { LanguageOptions, Session } from "./session.ts";
import { type TokenCase, tokenizeCase, tokenizePrefix } from "./token-cases.ts";
import { type Passage, Trainee } from "./trainee.ts";

// A row's attention takes memory with the square of its length: 768 tokens keep a training of half the layers of a
// base of 135M parameters well below 1.5 GB.
const maxRowLength = 768;
// Rows of several cases; longer ones gain little, since the prefix is then a small part of them.
const packedLength = 512;

/**
 * Reads the base model, runs its frozen part over all examples, and places the adapter to start from. What that changes below
 * the trained layers stays as it is.
 * @throws FuzzError FUZZ_MODEL_UNSUPPORTED, FUZZ_ADAPTER_INVALID, FUZZ_ADAPTER_MISMATCH, FUZZ_EXAMPLES_TOO_LONG,
 *   FUZZ_OUT_OF_MEMORY, …
 */
export async function prepareSession(options: LanguageOptions): Promise<Session> {
  const { modelPath, rank, seed } = options;
  const { prefix, shownPrefix, train, heldBack } = await tokenizeExamples(options);
  const ggml = openGgml();
  const file = await openModelTensors(modelPath);
  const shape = readBaseShape(file);
  const firstLayer = checkLayers(options.layers, shape);
  checkMemory(file, shape, firstLayer);
  const layOut = (layers: readonly number[]) =>
    layOutLora(rank, layers, (layer, module) => moduleShape(file, layer, module));
  const layout = layOut(
    Array.from({ length: shape.layerCount - firstLayer }, (_, index) => firstLayer + index),
  );
  const values = initialiseLora(layout, new Random(seed));
  const start = options.start && reduceRank(readLora(options.start), rank);
  const fixed = start && placeStart(start, { layout, values }, firstLayer, layOut);
  const fits = (one: TokenCase) => rowLength(prefix.length, [one]) <= maxRowLength;
  const fitting = train.filter(fits);
  const fittingHeldBack = heldBack.filter(fits);
  if (fitting.length === 0) {
    throw new FuzzError("There is no example that is short enough to train on", {
      code: "FUZZ_EXAMPLES_TOO_LONG",
      hint: `The spec and an example together may have ${maxRowLength} tokens.`,
    });
  }
  const lanes = Array.from({ length: options.lanes }, () => ggml.openWorktop());
  const [worktop = ggml.openWorktop()] = lanes;
  using fixedLora = fixed && new LoraTensors(worktop, fixed.layout, fixed.values);
  const source = { ggml, worktop, file, shape, firstLayer, lora: fixedLora };
  const all = [...fitting, ...fittingHeldBack];
  const passages: TokenPassage[] = [{ prefix, cases: all }];
  if (shownPrefix !== undefined && fittingHeldBack.length > 0) {
    passages.push({ prefix: shownPrefix, cases: fittingHeldBack });
  }
  const [lower, shown] = await runLowerLayers(source, passages, packedLength);
  const { prefix: states, cases } = lower as Passage;
  const upper = await loadUpperWeights(source);
  const lora = new LoraTensors(worktop, layout);
  const model = {
    shape,
    layout,
    factors: upper.factors,
    head: upper.head,
    layers: upper.layers.map((layer, index) => ({
      ...layer,
      lora: lora.layer(firstLayer + index),
    })),
  };
  const trainee = new Trainee({ ggml, lanes, model, lora, maxLength: packedLength });
  return {
    values,
    spans: rateSpans(layout, options.rates),
    trainCount: fitting.length,
    heldBackCount: fittingHeldBack.length,
    skipped: train.length + heldBack.length - all.length,
    differentiate(now, numbers) {
      const drawn = numbers.flatMap((index) => cases[index] ?? []);
      return trainee.differentiate(now, { prefix: states, cases: drawn });
    },
    evaluate: (now) =>
      trainee.evaluate(now, { prefix: states, cases: cases.slice(fitting.length) }),
    ...(shown && { evaluateShown: (now) => trainee.evaluate(now, shown) }),
    write: (now) => ({
      adapter: writeLora([...(fixed ? [fixed] : []), { layout, values: now }], shape.architecture),
    }),
    [Symbol.dispose]() {
      lora[Symbol.dispose]();
      upper[Symbol.dispose]();
      for (const lane of lanes) {
        lane[Symbol.dispose]();
      }
    },
  };
}

async function tokenizeExamples({ modelPath, task, shown, examples, heldBack }: LanguageOptions) {
  await using model = await loadEngine().openModel(modelPath);
  return {
    prefix: tokenizePrefix(model, task),
    shownPrefix: shown.length > 0 ? tokenizePrefix(model, { ...task, examples: shown }) : undefined,
    train: examples.map((example) => tokenizeCase(model, example, task.plain)),
    heldBack: heldBack.map((example) => tokenizeCase(model, example, task.plain)),
  };
}

function checkLayers(wanted: number | undefined, { layerCount }: BaseShape): number {
  // At equal time training the lower half as well did not pay.
  const layers = wanted ?? Math.ceil(layerCount / 2);
  if (layers > layerCount) {
    throw new FuzzError(`${layers} layers can't be trained; the base model has ${layerCount}`, {
      code: "FUZZ_OUT_OF_RANGE",
    });
  }
  return layerCount - layers;
}
