import type { Answer } from "@fuzzc/interpreter";

/** Probabilities of the labels for one input, by label; they sum to 1. */
export type Distribution = Readonly<Record<string, number>>;

/**
 * Prior correction of labels: what a model believes before it reads the input is taken off.
 * Without examples, content-free inputs ask it (Zhao et al., arXiv 2102.09690).
 */
export const contentFreeInputs: readonly string[] = ["N/A", "...", "[input]"];

/**
 * The bias of each label: minus the logarithm of its mean probability, shifted to mean zero.
 *
 * @param strength 0 leaves the model's own prior, 1 takes it off altogether
 */
export function labelBias(
  labels: readonly string[],
  distributions: readonly Distribution[],
  strength: number,
): number[] {
  const logs = labels.map((label) => {
    const sum = distributions.reduce(
      (total, distribution) => total + (distribution[label] ?? 0),
      0,
    );
    return -Math.log(Math.max(sum / distributions.length, 1e-9));
  });
  const centre = logs.reduce((sum, value) => sum + value, 0) / logs.length;
  return logs.map((value) => round(strength * (value - centre)));
}

/** The most likely label, and how likely it is, once the bias is added. */
export function pickLabel(
  labels: readonly string[],
  distribution: Distribution,
  bias: readonly number[],
): { label: string; probability: number } {
  const weights = labels.map(
    (label, index) => (distribution[label] ?? 0) * Math.exp(bias[index] ?? 0),
  );
  const best = Math.max(...weights);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const label = labels[weights.indexOf(best)] as string;
  return { label, probability: total > 0 ? best / total : 1 / labels.length };
}

/** An answer as it would be with this bias. */
export function withBias(
  answer: Answer,
  labels: readonly string[],
  bias: readonly number[],
): Answer {
  const { label, probability } = pickLabel(labels, answer.labels ?? {}, bias);
  return { ...answer, output: label, text: label, probability };
}

// Four digits: the bytes of a program should not hang on the last bit of a logarithm.
const round = (value: number): number => Math.round(value * 1e4) / 1e4 + 0;
