import { ggmlTypes, type Tensor } from "@fuzzc/llama";
import type { BaseShape } from "./base-shape.ts";
import type { FrozenWeight, Tape } from "./tape.ts";

/** What turns hidden states into the next token. */
export interface HeadWeights {
  norm: Tensor;
  /** The vocabulary's rows. */
  output: FrozenWeight;
}

/** The tensors of the loss that are written before, and read after, a computation. */
export interface AnswerLoss {
  /** n positions in the row whose next token counts (I32). */
  sources: Tensor;
  /** n places of the right tokens in the flattened n x vocabulary (I32). */
  places: Tensor;
  /** n weights, and their negatives; there only when the tape is carried back. */
  weights?: { plus: Tensor; minus: Tensor };
  /** n probabilities of the right tokens. */
  probabilities: Tensor;
  /** n most likely tokens (I32). */
  best: Tensor;
}

/**
 * The cross-entropy of the answers: Σ weight · −log p(right token). Its value is left to the caller; what is added
 * here is its gradient, for which (p − right) · weight is all there is to know.
 * @param x size x T, after the last layer; `count` = n.
 */
export function addAnswerLoss(
  tape: Tape,
  { epsilon, vocabularySize }: BaseShape,
  head: HeadWeights,
  x: Tensor,
  count: number,
  backward: boolean,
): AnswerLoss {
  const { graph } = tape;
  const sources = graph.input(ggmlTypes.I32, [count]);
  const places = graph.input(ggmlTypes.I32, [count]);
  const logits = tape.linear(tape.norm(tape.rows(x, sources), head.norm, epsilon), head.output);
  const best = graph.output(graph.argmax(logits));
  const shares = graph.softMax(logits);
  const flat = graph.reshape(shares, [1, vocabularySize * count]);
  const probabilities = graph.output(graph.getRows(flat, places));
  if (!backward) {
    return { sources, places, probabilities, best };
  }
  const plus = graph.input(ggmlTypes.F32, [1, count]);
  const minus = graph.input(ggmlTypes.F32, [1, count]);
  const right = graph.reshape(graph.getRowsBack(minus, places, flat), [vocabularySize, count]);
  tape.back(logits, graph.add(right, graph.mul(shares, plus)));
  return { sources, places, probabilities, best, weights: { plus, minus } };
}

/** A token's loss from its probability; the engine's smallest numbers are zeros. */
export function lossOf(probability: number): number {
  return -Math.log(Math.max(probability, 1e-38));
}
