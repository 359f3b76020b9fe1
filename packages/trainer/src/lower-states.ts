import { type Ggml, ggmlTypes, type ModelTensors, type Worktop } from "@fuzzc/llama";
import type { BaseShape } from "./base-shape.ts";
import { type LowerWeights, loadLowerWeights } from "./frozen-weights.ts";
import { groupCases, passageRow } from "./group-cases.ts";
import type { LoraTensors } from "./lora.ts";
import { joinRow, packRow } from "./pack-row.ts";
import { Tape } from "./tape.ts";
import type { TokenCase } from "./token-cases.ts";
import type { Passage, ReadyCase } from "./trainee.ts";
import { runLayer } from "./transformer.ts";

// With some to spare.
const tensorsPerLayer = 120;

/** Where the frozen lower layers are, and how far they go. */
export interface LowerModel {
  ggml: Ggml;
  worktop: Worktop;
  file: ModelTensors;
  shape: BaseShape;
  firstLayer: number;
  /** Of the layers that an adapter changes but no training does. */
  lora?: LoraTensors | undefined;
}

/** A prefix and what may follow it, as tokens. */
export interface TokenPassage {
  prefix: Int32Array;
  cases: readonly TokenCase[];
}

/**
 * Runs the frozen lower layers once over every prefix and case, and keeps what enters the first trained one.
 * @param maxLength most tokens of one row of several cases.
 * @param type in which the weights are multiplied: ggml's type number.
 */
export async function runLowerLayers(
  lower: LowerModel,
  passages: readonly TokenPassage[],
  maxLength: number,
  type: number = ggmlTypes.BF16,
): Promise<Passage[]> {
  using weights = await loadLowerWeights(lower, type);
  const ready: Passage[] = [];
  for (const passage of passages) {
    ready.push(await runPassage(lower, weights, passage, maxLength));
  }
  return ready;
}

async function runPassage(
  lower: LowerModel,
  weights: LowerWeights,
  { prefix, cases }: TokenPassage,
  maxLength: number,
): Promise<Passage> {
  const { size } = lower.shape;
  let prefixStates = new Float32Array(0);
  const ready: ReadyCase[] = [];
  for (const group of groupCases(prefix.length, cases, passageRow(prefix.length, maxLength))) {
    const states = await runRow(lower, weights, prefix, group);
    let end = prefix.length * size;
    prefixStates = states.slice(0, end);
    for (const one of group) {
      const start = end;
      end += one.branch.length * size;
      ready.push({ ...one, states: states.slice(start, end) });
    }
  }
  return { prefix: prefixStates, cases: ready };
}

async function runRow(
  { ggml, worktop, shape, lora }: LowerModel,
  { embedding, factors, layers }: LowerWeights,
  prefix: Int32Array,
  group: readonly TokenCase[],
): Promise<Float32Array> {
  const row = packRow(prefix.length, group);
  const tokens = new Int32Array(row.length);
  joinRow(tokens, [prefix, ...group.map(({ branch }) => branch)]);
  using graph = ggml.openGraph(tensorsPerLayer * (layers.length + 1));
  const tape = new Tape(graph);
  const ids = graph.input(ggmlTypes.I32, [row.length]);
  const positions = graph.input(ggmlTypes.I32, [row.length]);
  const mask = graph.input(ggmlTypes.F32, [row.length, row.length]);
  let x = graph.getRows(embedding, ids);
  layers.forEach((layer, index) => {
    const changed = lora?.has(index) ? { ...layer, lora: lora.layer(index) } : layer;
    x = runLayer(tape, shape, { positions, factors, mask }, x, changed);
  });
  graph.output(x);
  worktop.allocate(graph);
  graph.write(ids, tokens);
  graph.write(positions, row.positions);
  graph.write(mask, row.mask);
  await worktop.compute(graph);
  const states = new Float32Array(row.length * shape.size);
  graph.read(x, states);
  return states;
}
