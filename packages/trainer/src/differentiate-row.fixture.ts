import { openGgml, openModelTensors } from "@fuzzc/llama";
import { moduleShape, readBaseShape, tensorName } from "./base-shape.ts";
import { loadUpperWeights } from "./frozen-weights.ts";
import { type LoraLayout, LoraTensors, layOutLora } from "./lora.ts";
import { runLowerLayers } from "./lower-states.ts";
import { joinRow, packRow, weighCases } from "./pack-row.ts";
import { Random } from "./random.ts";
import type { TokenCase } from "./token-cases.ts";
import { runUpperRow } from "./train-row.ts";

export interface ReferenceRow {
  modelPath: string;
  prefix: Int32Array;
  cases: readonly TokenCase[];
  firstLayer: number;
  rank: number;
  /** Of the pseudo-random adapter, which the reference draws too. */
  seed: number;
  /** ggml's type number of the lower layers. */
  lowerType: number;
}

/** The losses of one row under an adapter, their weighted sum, and the adapter's gradients by name. */
export async function differentiateRow(reference: ReferenceRow) {
  const { modelPath, prefix, cases, firstLayer, rank, lowerType } = reference;
  const ggml = openGgml();
  using worktop = ggml.openWorktop();
  const file = await openModelTensors(modelPath);
  const shape = readBaseShape(file);
  const source = { ggml, worktop, file, shape, firstLayer };
  const [lower] = await runLowerLayers(source, [{ prefix, cases }], 1024, lowerType);
  using upper = await loadUpperWeights(source);
  const numbers = upper.layers.map((_, index) => firstLayer + index);
  const layout = layOutLora(rank, numbers, (...where) => moduleShape(file, ...where));
  using lora = new LoraTensors(worktop, layout);
  lora.write(drawAdapter(layout, reference.seed));

  const row = packRow(prefix.length, cases);
  const states = new Float32Array(row.length * shape.size);
  joinRow(states, [lower!.prefix, ...lower!.cases.map((one) => one.states)]);
  const caseWeights = weighCases(cases);
  const weights = Float32Array.from(row.owners, (owner) => caseWeights[owner] ?? 0);
  const layers = upper.layers.map((layer, index) => ({
    ...layer,
    lora: lora.layer(firstLayer + index),
  }));
  const model = { shape, layout, factors: upper.factors, head: upper.head, layers };
  const result = await runUpperRow(ggml, worktop, model, row, states, weights);
  const { losses, gradient = new Float32Array(0) } = result;
  const gradients = new Map<string, Float32Array>();
  for (const { layer, module, a, b, end } of layout.entries) {
    gradients.set(`${tensorName(layer, module)}.a`, gradient.subarray(a, b));
    gradients.set(`${tensorName(layer, module)}.b`, gradient.subarray(b, end));
  }
  const loss = losses.reduce((sum, one, index) => sum + one * (weights[index] ?? 0), 0);
  return { loss, losses, gradients };
}

function drawAdapter({ entries, count }: LoraLayout, seed: number): Float32Array {
  const random = new Random(seed);
  const values = new Float32Array(count);
  for (const { a, b, end, dIn } of entries) {
    for (let i = a; i < end; i++) {
      values[i] = (random.next() - 0.5) * (i < b ? 2 / Math.sqrt(dIn) : 0.04);
    }
  }
  return values;
}
