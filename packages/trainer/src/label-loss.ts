import { ggmlTypes, type Tensor } from "@fuzzc/llama";
import type { EncoderShape } from "./encoder-shape.ts";
import type { PrototypeTensors } from "./prototype-tensors.ts";
import type { Tape } from "./tape.ts";

/** The tensors of the loss that are written before, and read after, a computation. */
export interface LabelLoss {
  /** T x n, see `EncoderRow`. */
  pooling: Tensor;
  /** labels x n: for each text the probability of each label. */
  probabilities: Tensor;
  /** What the gradient is made of; there only when the tape is carried back. */
  back?: {
    /** labels x n: at the right label of a text scale · -weight, else 0. */
    right: Tensor;
    /** n: scale · weight */
    weights: Tensor;
  };
}

/**
 * The cross-entropy of labels: softmax over scale · (prototype · vector + bias), where a text's vector is its mean state at
 * length 1. As with `addAnswerLoss`, its value is left to the caller.
 * @param x size x T, after the last layer. @param count n, how many texts.
 */
export function addLabelLoss(
  tape: Tape,
  { epsilon }: EncoderShape,
  { tensor, bias, unit }: PrototypeTensors,
  x: Tensor,
  { count, scale, backward }: { count: number; scale: number; backward: boolean },
): LabelLoss {
  const { graph } = tape;
  const [labels, length] = [tensor.shape[1], x.shape[1]];
  const pooling = graph.input(ggmlTypes.F32, [length, count]);
  const vectors = tape.norm(tape.pool(x, pooling), unit, epsilon);
  const products = tape.products(tensor, vectors);
  const probabilities = graph.output(graph.softMax(graph.add(products, bias), null, scale));
  if (!backward) {
    return { pooling, probabilities };
  }
  const right = graph.input(ggmlTypes.F32, [labels, count]);
  const weights = graph.input(ggmlTypes.F32, [1, count]);
  tape.back(products, graph.add(graph.mul(probabilities, weights), right));
  return { pooling, probabilities, back: { right, weights } };
}
