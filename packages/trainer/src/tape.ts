import type { Graph, Tensor } from "@fuzzc/llama";
import { FuzzError } from "@fuzzc/program";

// Source: Hendrycks and Gimpel, arXiv 1606.08415; tanh(u) is 2 sigmoid(2u) - 1.
const geluSlope = 2 * Math.sqrt(2 / Math.PI);
const geluBend = 0.044715 * geluSlope;

/** A weight that is not trained: as it is, and with its axes exchanged for the way back. */
export interface FrozenWeight {
  forward: Tensor;
  /** Absent where no gradient passes. */
  backward?: Tensor;
}

/** A LoRA pair with its scale in b: a [dIn, rank], b [dOut, rank]. */
export interface LoraPair {
  a: Tensor;
  b: Tensor;
}

/**
 * Reverse-mode differentiation over a graph. Each operation adds its result, and notes how a gradient for the result
 * becomes gradients for its operands; `back` runs the notes from last to first.
 *
 * The engine has a differentiation of its own. This one chooses kernels that are several times as quick for its two
 * slow cases, products with quantised weights and outer products with short rows.
 */
export class Tape {
  readonly graph: Graph;
  readonly #notes: (() => void)[] = [];
  readonly #gradients = new Map<Tensor, Tensor>();
  readonly #tracked = new Set<Tensor>();

  constructor(graph: Graph) {
    this.graph = graph;
  }

  /** Asks for the gradient of a tensor. */
  track(tensor: Tensor): void {
    this.#tracked.add(tensor);
  }

  /** Adds an operation: its result, what it was made of, and its note. */
  note(result: Tensor, operands: Tensor[], back: (gradient: Tensor) => void): Tensor {
    if (operands.some((operand) => this.#tracked.has(operand))) {
      this.#tracked.add(result);
      this.#notes.push(() => {
        const gradient = this.#gradients.get(result);
        if (gradient !== undefined) {
          back(gradient);
        }
      });
    }
    return result;
  }

  /** Adds to the gradient of an operand; `make` is not called when nobody asks for it. */
  give(operand: Tensor, make: () => Tensor): void {
    if (this.#tracked.has(operand)) {
      const known = this.#gradients.get(operand);
      const gradient = make();
      this.#gradients.set(
        operand,
        known === undefined ? gradient : this.graph.add(known, gradient),
      );
    }
  }

  /** Carries the gradient of `result` back to everything that was tracked. */
  back(result: Tensor, gradient: Tensor): void {
    this.#gradients.set(result, gradient);
    for (const note of this.#notes.reverse()) {
      note();
    }
  }

  /** The gradient of a tracked tensor, after `back`. */
  gradient(tensor: Tensor): Tensor | undefined {
    return this.#gradients.get(tensor);
  }

  add(a: Tensor, b: Tensor): Tensor {
    return this.note(this.graph.add(a, b), [a, b], (gradient) => {
      this.give(a, () => gradient);
      this.give(b, () => gradient);
    });
  }

  /** The same numbers under another shape. */
  reshape(x: Tensor, shape: readonly number[]): Tensor {
    const { graph } = this;
    return this.note(graph.reshape(x, shape), [x], (gradient) => {
      this.give(x, () => graph.reshape(gradient, [...x.shape]));
    });
  }

  /** RMS norm, times `weight`. */
  norm(x: Tensor, weight: Tensor, epsilon: number): Tensor {
    const { graph } = this;
    const result = graph.mul(graph.rmsNorm(x, epsilon), weight);
    return this.note(result, [x], (gradient) => {
      this.give(x, () => graph.rmsNormBack(graph.mul(gradient, weight), x, epsilon));
    });
  }

  /** Each state less its mean. `meanWeight`: as many times -1 / size as a state has numbers. */
  centre(x: Tensor, meanWeight: Tensor): Tensor {
    const { graph } = this;
    const centre = (states: Tensor) => graph.add(states, graph.mulMat(meanWeight, states));
    return this.note(centre(x), [x], (gradient) => {
      this.give(x, () => centre(gradient));
    });
  }

  /** x · sigmoid(x · (slope + bend · x²)): GELU by its tangent formula, as the engine computes it. */
  gelu(x: Tensor): Tensor {
    const { graph } = this;
    const square = graph.mul(x, x);
    const opened = graph.sigmoid(graph.mul(x, graph.scale(square, geluBend, geluSlope)));
    const result = graph.mul(x, opened);
    return this.note(result, [x], (gradient) => {
      this.give(x, () => {
        const inner = graph.scale(square, 3 * geluBend, geluSlope);
        const bent = graph.mul(graph.mul(result, graph.scale(opened, -1, 1)), inner);
        return graph.mul(gradient, graph.add(bent, opened));
      });
    });
  }

  /** silu(gate) · up */
  gatedSilu(gate: Tensor, up: Tensor): Tensor {
    const { graph } = this;
    const opened = graph.silu(gate);
    return this.note(graph.mul(opened, up), [gate, up], (gradient) => {
      this.give(up, () => graph.mul(gradient, opened));
      this.give(gate, () => graph.siluBack(graph.mul(gradient, up), gate));
    });
  }

  /** Some rows of x: indices (I32), each at most once. */
  rows(x: Tensor, indices: Tensor): Tensor {
    const { graph } = this;
    return this.note(graph.getRows(x, indices), [x], (gradient) => {
      this.give(x, () => graph.getRowsBack(gradient, indices, x));
    });
  }

  /** The dot products of the rows of a [k, n] and b [k, m] → [n, m]. */
  products(a: Tensor, b: Tensor): Tensor {
    const { graph } = this;
    return this.note(graph.mulMat(a, b), [a, b], (gradient) => {
      this.give(a, () => graph.outProd(b, gradient));
      this.give(b, () => graph.outProd(a, graph.transpose(gradient)));
    });
  }

  /** Sums of the states x [size, T], weighted by the rows of shares [T, n] → [size, n]. */
  pool(x: Tensor, shares: Tensor): Tensor {
    const { graph } = this;
    return this.note(graph.outProd(x, graph.transpose(shares)), [x], (gradient) => {
      this.give(x, () => graph.outProd(gradient, shares));
    });
  }

  /** weight · x + b (a · x) */
  linear(x: Tensor, weight: FrozenWeight, lora?: LoraPair): Tensor {
    const { graph } = this;
    const plain = graph.mulMat(weight.forward, x);
    if (lora === undefined) {
      return this.note(plain, [x], (gradient) => {
        this.give(x, () => this.#throughWeight(weight, gradient));
      });
    }
    const { a, b } = lora;
    const inner = graph.mulMat(a, x);
    // An outer product over the rank, because the rows of a product as long as the rank are too short to be quick.
    const result = graph.add(plain, graph.outProd(b, graph.transpose(inner)));
    return this.note(result, [x, a, b], (gradient) => {
      const innerGradient = graph.mulMat(b, gradient);
      this.give(b, () => graph.output(graph.outProd(gradient, inner)));
      this.give(a, () => graph.output(graph.outProd(x, innerGradient)));
      this.give(x, () =>
        graph.add(
          this.#throughWeight(weight, gradient),
          graph.outProd(a, graph.transpose(innerGradient)),
        ),
      );
    });
  }

  #throughWeight({ backward }: FrozenWeight, gradient: Tensor): Tensor {
    if (backward === undefined) {
      throw new FuzzError("A gradient reached a weight that has no way back", {
        code: "FUZZ_SHAPE_MISMATCH",
        kind: "internal",
      });
    }
    return this.graph.mulMat(backward, gradient);
  }
}
