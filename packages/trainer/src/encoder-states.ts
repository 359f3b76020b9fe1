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

/** Runs the embedding and the layers below `firstLayer` once over every case, in rows of at most `maxLength` tokens. */
export async function runLowerEncoder(
  { ggml, worktop }: Pick<FileSource, "ggml" | "worktop">,
  shape: EncoderShape,
  weights: EncoderWeights,
  firstLayer: number,
  cases: readonly LabelCase[],
  maxLength: number,
): Promise<ReadyLabelCase[]> {
  const ready: ReadyLabelCase[] = [];
  for (const group of groupCases(0, cases, maxLength)) {
    const row = packTexts(group);
    using graph = ggml.openGraph(tensorsPerLayer * (firstLayer + 1));
    const tape = new Tape(graph);
    const index = () => graph.input(ggmlTypes.I32, [row.length]);
    const [tokens, positions, types] = [index(), index(), index()];
    const mask = graph.input(ggmlTypes.F32, [row.length, row.length]);
    const parts: [Tensor, Tensor][] = [
      [weights.positions, positions],
      [weights.tokenTypes, types],
    ];
    let x = graph.getRows(weights.tokens, tokens);
    for (const [table, indices] of parts) {
      x = graph.add(x, graph.getRows(table, indices));
    }
    x = normalise(tape, shape, x, weights.embeddingNorm);
    for (const layer of weights.layers.slice(0, firstLayer)) {
      x = runEncoderLayer(tape, shape, mask, x, layer);
    }
    graph.output(x);
    worktop.allocate(graph);
    const fill = (parts: Int32Array[]) => {
      const values = new Int32Array(row.length);
      joinRow(values, parts);
      return values;
    };
    graph.write(tokens, fill(group.map(({ branch }) => branch)));
    graph.write(positions, fill(group.map(({ branch }) => branch.map((_, place) => place))));
    graph.write(types, fill([]));
    if (firstLayer > 0) {
      graph.write(mask, row.mask);
    }
    await worktop.compute(graph);
    const states = new Float32Array(row.length * shape.size);
    graph.read(x, states);
    let start = 0;
    for (const one of group) {
      const end = start + one.branch.length * shape.size;
      ready.push({ ...one, states: states.slice(start, end) });
      start = end;
    }
  }
  return ready;
}
