/** A stretch of the parameters with a learning rate of its own. */
export interface RateSpan {
  start: number;
  end: number;
  rate: number;
}

const beta1 = 0.9;
const beta2 = 0.98;
const epsilon = 1e-8;
const decay = 0.01;

/** AdamW over one flat list of parameters. Source: Loshchilov and Hutter, arXiv 1711.05101. */
export class Adam {
  /** How many updates there have been. */
  updates = 0;
  readonly mean: Float32Array;
  readonly square: Float32Array;

  constructor(count: number) {
    this.mean = new Float32Array(count);
    this.square = new Float32Array(count);
  }

  /** Moves `values` against `gradient`, each span by its rate times `factor`. */
  update(
    values: Float32Array,
    gradient: Float32Array,
    spans: readonly RateSpan[],
    factor: number,
  ): void {
    this.updates++;
    const { mean, square } = this;
    const meanShare = 1 - beta1 ** this.updates;
    const squareShare = 1 - beta2 ** this.updates;
    for (const { start, end, rate } of spans) {
      const step = (rate * factor) / meanShare;
      const shrink = 1 - rate * factor * decay;
      for (let i = start; i < end; i++) {
        const g = gradient[i] as number;
        const m = beta1 * (mean[i] as number) + (1 - beta1) * g;
        const s = beta2 * (square[i] as number) + (1 - beta2) * g * g;
        mean[i] = m;
        square[i] = s;
        const move = (step * m) / (Math.sqrt(s / squareShare) + epsilon);
        values[i] = (values[i] as number) * shrink - move;
      }
    }
  }
}

/** Scales a gradient down to the length `limit`, if it is longer. @returns its length before. */
export function clip(gradient: Float32Array, limit: number): number {
  let sum = 0;
  for (let i = 0; i < gradient.length; i++) {
    sum += (gradient[i] as number) ** 2;
  }
  const length = Math.sqrt(sum);
  if (length > limit) {
    const factor = limit / length;
    for (let i = 0; i < gradient.length; i++) {
      gradient[i] = (gradient[i] as number) * factor;
    }
  }
  return length;
}
