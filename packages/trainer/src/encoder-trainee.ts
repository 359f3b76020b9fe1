import { type Ggml, ggmlTypes, type Tensor, type Worktop } from "@fuzzc/llama";
import { lossOf } from "./answer-loss.ts";
import { type EncoderLayerWeights, runEncoderLayer } from "./encoder-layer.ts";
import { packTexts } from "./encoder-row.ts";
import type { EncoderShape } from "./encoder-shape.ts";
import type { ReadyLabelCase } from "./encoder-states.ts";
import { groupCases } from "./group-cases.ts";
import { addLabelLoss } from "./label-loss.ts";
import type { LoraLayout, LoraTensors } from "./lora.ts";
import { joinRow } from "./pack-row.ts";
import type { PrototypeTensors } from "./prototype-tensors.ts";
import { Tape } from "./tape.ts";
import type { Score } from "./trainee.ts";

/** All that a step computes with. */
export interface EncoderTraineeParts {
  ggml: Ggml;
  worktop: Worktop;
  shape: EncoderShape;
  /** From the first trained layer to the last one. */
  layers: EncoderLayerWeights[];
  layout: LoraLayout;
  lora: LoraTensors;
  prototypes: PrototypeTensors;
  /** See `addLabelLoss`. */
  scale: number;
  /** Most tokens of a row of several texts. */
  maxLength: number;
}

// Tensors of one layer, forth and back, with some to spare.
const tensorsPerLayer = 320;

/** The adapter and the prototypes in training: one flat list of parameters, the adapter's first. */
export class EncoderTrainee {
  readonly #parts: EncoderTraineeParts;

  constructor(parts: EncoderTraineeParts) {
    this.#parts = parts;
  }

  /** The score of some cases under the parameters `values`. */
  evaluate(values: Float32Array, cases: readonly ReadyLabelCase[]): Promise<Score> {
    return this.#run(values, cases);
  }

  /** The score of some cases, and the gradient of its loss for `values`. */
  async differentiate(
    values: Float32Array,
    cases: readonly ReadyLabelCase[],
  ): Promise<{ score: Score; gradient: Float32Array }> {
    const gradient = new Float32Array(values.length);
    const score = await this.#run(values, cases, gradient);
    return { score, gradient };
  }

  /** @param gradient to be added to; without it none is computed. */
  async #run(
    values: Float32Array,
    cases: readonly ReadyLabelCase[],
    gradient?: Float32Array,
  ): Promise<Score> {
    const { layout, lora, prototypes, maxLength } = this.#parts;
    lora.write(values);
    prototypes.write(values.subarray(layout.count));
    const total: Score = { loss: 0, exact: 0, count: cases.length };
    for (const group of groupCases(0, cases, maxLength)) {
      const probabilities = await this.#runGroup(group, 1 / cases.length, gradient);
      const labels = probabilities.length / group.length;
      group.forEach(({ label }, index) => {
        const own = probabilities.subarray(index * labels, (index + 1) * labels);
        total.loss += lossOf(own[label] as number) / cases.length;
        total.exact += own.indexOf(Math.max(...own)) === label ? 1 : 0;
      });
    }
    return total;
  }

  /** @returns for each text the probability of each label. */
  async #runGroup(
    group: readonly ReadyLabelCase[],
    weight: number,
    gradient?: Float32Array,
  ): Promise<Float32Array> {
    const { ggml, worktop, shape, layers, prototypes, scale } = this.#parts;
    const row = packTexts(group);
    const [count, labels] = [group.length, prototypes.tensor.shape[1]];
    using graph = ggml.openGraph(tensorsPerLayer * (layers.length + 1));
    const tape = new Tape(graph);
    const parameters = gradient === undefined ? [] : this.#parameters();
    for (const { tensor } of parameters) {
      tape.track(tensor);
    }
    const mask = graph.input(ggmlTypes.F32, [row.length, row.length]);
    const first = graph.input(ggmlTypes.F32, [shape.size, row.length]);
    let x = first;
    for (const layer of layers) {
      x = runEncoderLayer(tape, shape, mask, x, layer);
    }
    const backward = gradient !== undefined;
    const loss = addLabelLoss(tape, shape, prototypes, x, { count, scale, backward });
    const gradients = parameters.map(({ tensor }) => graph.output(tape.gradient(tensor) as Tensor));
    worktop.allocate(graph);
    graph.write(mask, row.mask);
    graph.write(first, joinStates(group, row.length * shape.size));
    graph.write(loss.pooling, row.pooling);
    if (loss.back !== undefined) {
      const right = new Float32Array(labels * count);
      group.forEach(({ label }, index) => {
        right[index * labels + label] = -weight * scale;
      });
      graph.write(loss.back.right, right);
      graph.write(loss.back.weights, new Float32Array(count).fill(weight * scale));
    }
    await worktop.compute(graph);
    parameters.forEach(({ start, length }, index) => {
      const values = new Float32Array(length);
      graph.read(gradients[index] as Tensor, values);
      addTo(gradient?.subarray(start), values);
    });
    const probabilities = new Float32Array(labels * count);
    graph.read(loss.probabilities, probabilities);
    return probabilities;
  }

  /** The tensors of the parameters, and where each lies among them. */
  #parameters(): { tensor: Tensor; start: number; length: number }[] {
    const { layout, lora, prototypes } = this.#parts;
    const { tensor } = prototypes;
    return [
      ...layout.entries.flatMap((entry) => {
        const pair = lora.pair(entry);
        return [
          { tensor: pair.a, start: entry.a, length: entry.b - entry.a },
          { tensor: pair.b, start: entry.b, length: entry.end - entry.b },
        ];
      }),
      { tensor, start: layout.count, length: tensor.shape[0] * tensor.shape[1] },
    ];
  }
}

function joinStates(group: readonly ReadyLabelCase[], length: number): Float32Array {
  const states = new Float32Array(length);
  joinRow(
    states,
    group.map((one) => one.states),
  );
  return states;
}

function addTo(sums: Float32Array | undefined, values: Float32Array): void {
  values.forEach((value, index) => {
    if (sums !== undefined) {
      sums[index] = (sums[index] as number) + value;
    }
  });
}
