import { type Ggml, ggmlTypes, type Tensor, type Worktop } from "@fuzzc/llama";
import { addAnswerLoss, type HeadWeights, lossOf } from "./answer-loss.ts";
import type { BaseShape } from "./base-shape.ts";
import type { LoraLayout } from "./lora.ts";
import type { Row } from "./pack-row.ts";
import { Tape } from "./tape.ts";
import { type LayerWeights, runLayer } from "./transformer.ts";

/** All that stays the same from row to row. */
export interface UpperModel {
  shape: BaseShape;
  /** See `Rope`. */
  factors: Tensor | undefined;
  /** From the first trained layer to the last layer. */
  layers: LayerWeights[];
  head: HeadWeights;
  layout: LoraLayout;
}

/** What one row gave. */
export interface RowResult {
  /** The loss of each answer token, in nats. */
  losses: Float32Array;
  /** Whether each answer token was the most likely one. */
  right: boolean[];
  /** As the layout has it; there only when weights were given. */
  gradient?: Float32Array;
}

// Tensors of one layer, forth and back, with some to spare.
const tensorsPerLayer = 320;

/**
 * Runs the upper layers over a row.
 * @param states what enters the first of them, length x size.
 * @param weights one for each answer token; without them no gradient is computed.
 */
export async function runUpperRow(
  ggml: Ggml,
  worktop: Worktop,
  { shape, factors, layers, head, layout }: UpperModel,
  row: Row,
  states: Float32Array,
  weights?: Float32Array,
): Promise<RowResult> {
  using graph = ggml.openGraph(tensorsPerLayer * (layers.length + 1));
  const tape = new Tape(graph);
  const inputs = {
    positions: graph.input(ggmlTypes.I32, [row.length]),
    factors,
    mask: graph.input(ggmlTypes.F32, [row.length, row.length]),
  };
  const first = graph.input(ggmlTypes.F32, [shape.size, row.length]);
  let x = first;
  for (const layer of layers) {
    if (weights !== undefined) {
      for (const { a, b } of Object.values(layer.lora ?? {})) {
        tape.track(a);
        tape.track(b);
      }
    }
    x = runLayer(tape, shape, inputs, x, layer);
  }
  const count = row.sources.length;
  const loss = addAnswerLoss(tape, shape, head, x, count, weights !== undefined);
  worktop.allocate(graph);
  graph.write(inputs.positions, row.positions);
  graph.write(inputs.mask, row.mask);
  graph.write(first, states);
  graph.write(loss.sources, row.sources);
  graph.write(
    loss.places,
    row.targets.map((token, index) => index * shape.vocabularySize + token),
  );
  if (weights !== undefined && loss.weights !== undefined) {
    graph.write(loss.weights.plus, weights);
    graph.write(
      loss.weights.minus,
      weights.map((weight) => -weight),
    );
  }
  await worktop.compute(graph);

  const probabilities = new Float32Array(count);
  const best = new Int32Array(count);
  graph.read(loss.probabilities, probabilities);
  graph.read(loss.best, best);
  const result: RowResult = {
    losses: probabilities.map(lossOf),
    right: [...row.targets].map((token, index) => token === best[index]),
  };
  if (weights !== undefined) {
    result.gradient = new Float32Array(layout.count);
    for (const { layer, module, a, b, end } of layout.entries) {
      const pair = layers[layer - (layout.entries[0]?.layer ?? 0)]?.lora?.[module];
      const gradientA = pair && tape.gradient(pair.a);
      const gradientB = pair && tape.gradient(pair.b);
      if (gradientA !== undefined && gradientB !== undefined) {
        graph.read(gradientA, result.gradient.subarray(a, b));
        graph.read(gradientB, result.gradient.subarray(b, end));
      }
    }
  }
  return result;
}
