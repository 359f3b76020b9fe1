import { ggmlTypes, type Tensor } from "@fuzzc/llama";
import { normalise, runEncoderLayer } from "./encoder-layer.ts";
import { type LabelCase, packTexts } from "./encoder-row.ts";
import type { EncoderShape } from "./encoder-shape.ts";
import type { EncoderWeights } from "./encoder-weights.ts";
import type { FileSource } from "./frozen-weights.ts";
import { groupCases } from "./group-cases.ts";
import { joinRow } from "./pack-row.ts";
import { Tape } from "./tape.ts";

/** A case with what its tokens are when they enter the first trained layer: tokens x size. */
export interface ReadyLabelCase extends LabelCase {
  states: Float32Array;
}

// Tensors of one layer, with some to spare.
const tensorsPerLayer = 80;

/** The frozen part of an encoder. */
export interface LowerEncoder extends Pick<FileSource, "ggml" | "worktop"> {
  shape: EncoderShape;
  weights: EncoderWeights;
  /** The first layer that is trained. */
  firstLayer: number;
}

/** Runs the embedding and the frozen layers once over every case, in rows of at most `maxLength` tokens. */
export async function runLowerEncoder(
  lower: LowerEncoder,
  cases: readonly LabelCase[],
  maxLength: number,
): Promise<ReadyLabelCase[]> {
  const ready: ReadyLabelCase[] = [];
  for (const group of groupCases(0, cases, maxLength)) {
    const states = await runRow(lower, group);
    let start = 0;
    for (const one of group) {
      const end = start + one.branch.length * lower.shape.size;
      ready.push({ ...one, states: states.slice(start, end) });
      start = end;
    }
  }
  return ready;
}

async function runRow(
  { ggml, worktop, shape, weights, firstLayer }: LowerEncoder,
  group: readonly LabelCase[],
): Promise<Float32Array> {
  const row = packTexts(group);
  using graph = ggml.openGraph(tensorsPerLayer * (firstLayer + 1));
  const tape = new Tape(graph);
  const lookUp = (table: Tensor) => {
    const indices = graph.input(ggmlTypes.I32, [row.length]);
    return { indices, rows: graph.getRows(table, indices) };
  };
  const tokens = lookUp(weights.tokens);
  const positions = lookUp(weights.positions);
  const types = lookUp(weights.tokenTypes);
  const mask = graph.input(ggmlTypes.F32, [row.length, row.length]);
  const embedded = graph.add(graph.add(tokens.rows, positions.rows), types.rows);
  let x = normalise(tape, shape, embedded, weights.embeddingNorm);
  for (const layer of weights.layers.slice(0, firstLayer)) {
    x = runEncoderLayer(tape, shape, mask, x, layer);
  }
  graph.output(x);
  worktop.allocate(graph);
  const write = (indices: Tensor, parts: Int32Array[]) => {
    const values = new Int32Array(row.length);
    joinRow(values, parts);
    graph.write(indices, values);
  };
  const branches = group.map(({ branch }) => branch);
  write(tokens.indices, branches);
  write(
    positions.indices,
    branches.map((branch) => branch.map((_, place) => place)),
  );
  write(types.indices, []);
  if (firstLayer > 0) {
    // Without a layer that takes it, it has no memory.
    graph.write(mask, row.mask);
  }
  await worktop.compute(graph);
  const states = new Float32Array(row.length * shape.size);
  graph.read(x, states);
  return states;
}
