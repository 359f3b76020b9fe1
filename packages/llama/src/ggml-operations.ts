import { FuzzError } from "@fuzzc/program";
import type { GgmlFunctions } from "./ggml-functions.ts";
import {
  arePlain,
  areRows,
  broadcasts,
  countElements,
  fillShape,
  ggmlTypes,
  isIndex,
  isSameShape,
  repeatsHeads,
  type Shape,
  shapeError,
  type Tensor,
} from "./ggml-tensor.ts";
import type { Pointer } from "./native-library.ts";

/** How positions turn the numbers of a head: pairs side by side ("normal") or half a head apart ("neox"). */
export interface Rope {
  dimensions: number;
  mode: "normal" | "neox";
  base: number;
  /** What the angle of each pair is divided by: F32, half as many as dimensions. */
  factors?: Tensor | undefined;
}

/**
 * ggml's operations, each of which adds a tensor to a graph. Operands are checked here, because the engine would end
 * the process. Where it says nothing else, operands and results are F32.
 */
export abstract class GraphOperations {
  protected readonly native: GgmlFunctions;
  protected readonly context: Pointer;
  readonly #capacity: number;
  #used = 0;

  protected constructor(native: GgmlFunctions, context: Pointer, capacity: number) {
    this.native = native;
    this.context = context;
    this.#capacity = capacity;
  }

  /** weights [k, n, …] of any type, x [k, m, …] → [n, m, …]: the dot products of rows; weights repeat over heads. */
  mulMat(weights: Tensor, x: Tensor): Tensor {
    const fits = weights.shape[0] === x.shape[0] && repeatsHeads(weights, x) && areRows(x);
    this.check("mulMat", fits && weights.layout !== "transposed", weights, x);
    const shape: Shape = [weights.shape[1], x.shape[1], x.shape[2], x.shape[3]];
    return floats(this.native.ggml_mul_mat(this.context, weights.pointer, x.pointer), shape);
  }

  /** a + b; b may be repeated along the axes where it has length 1. */
  add(a: Tensor, b: Tensor): Tensor {
    this.check("add", areRows(a, b) && broadcasts(b, a), a, b);
    return floats(this.native.ggml_add(this.context, a.pointer, b.pointer), a.shape);
  }

  /** a · b, number by number; b may be repeated along the axes where it has length 1. */
  mul(a: Tensor, b: Tensor): Tensor {
    this.check("mul", areRows(a, b) && broadcasts(b, a), a, b);
    return floats(this.native.ggml_mul(this.context, a.pointer, b.pointer), a.shape);
  }

  /** a · factor + bias */
  scale(a: Tensor, factor: number, bias = 0): Tensor {
    this.check("scale", arePlain(a), a);
    const { native, context } = this;
    return floats(native.ggml_scale_bias(context, a.pointer, factor, bias), a.shape);
  }

  sigmoid(a: Tensor): Tensor {
    this.check("sigmoid", arePlain(a), a);
    return floats(this.native.ggml_sigmoid(this.context, a.pointer), a.shape);
  }

  silu(a: Tensor): Tensor {
    this.check("silu", arePlain(a), a);
    return floats(this.native.ggml_silu(this.context, a.pointer), a.shape);
  }

  log(a: Tensor): Tensor {
    this.check("log", arePlain(a), a);
    return floats(this.native.ggml_log(this.context, a.pointer), a.shape);
  }

  /** a [n, m] → m numbers (I32): where each row is largest. */
  argmax(a: Tensor): Tensor {
    this.check("argmax", arePlain(a) && a.shape[2] * a.shape[3] === 1, a);
    const pointer = this.native.ggml_argmax(this.context, a.pointer);
    return { pointer, type: ggmlTypes.I32, shape: fillShape([a.shape[1]]), layout: "plain" };
  }

  rmsNorm(a: Tensor, epsilon: number): Tensor {
    this.check("rmsNorm", arePlain(a), a);
    return floats(this.native.ggml_rms_norm(this.context, a.pointer, epsilon), a.shape);
  }

  /** a [head size, heads, tokens], positions [tokens] (I32). */
  rope(a: Tensor, positions: Tensor, rope: Rope): Tensor {
    return this.turn("ggml_rope_ext", a, positions, rope);
  }

  /** Softmax of each row of a · scale + mask; mask [row, rows] is the same for all heads. */
  softMax(a: Tensor, mask: Tensor | null = null, scale = 1): Tensor {
    const shape = fillShape(a.shape.slice(0, 2));
    const fits = mask === null || (arePlain(mask) && isSameShape(mask.shape, shape));
    this.check("softMax", arePlain(a) && fits, a, ...(mask === null ? [] : [mask]));
    const { native, context } = this;
    const pointer = mask?.pointer ?? null;
    return floats(native.ggml_soft_max_ext(context, a.pointer, pointer, scale, 0), a.shape);
  }

  /** table [n, rows] of any type, indices (I32) → [n, indices]. */
  getRows(table: Tensor, indices: Tensor): Tensor {
    const fits = table.layout === "plain" && table.shape[2] * table.shape[3] === 1;
    this.check("getRows", isIndex(indices) && fits, table, indices);
    return floats(
      this.native.ggml_get_rows(this.context, table.pointer, indices.pointer),
      fillShape([table.shape[0], indices.shape[0]]),
    );
  }

  /** A copy with all numbers in order. */
  cont(a: Tensor): Tensor {
    this.check("cont", true, a);
    const pointer = this.native.ggml_cont(this.context, a.pointer);
    return { ...a, pointer, layout: "plain" };
  }

  /** A copy in another type. */
  cast(a: Tensor, type: number): Tensor {
    this.check("cast", a.layout === "plain", a);
    const pointer = this.native.ggml_cast(this.context, a.pointer, type);
    return { ...a, pointer, type };
  }

  /** Copies a into `target`, which keeps its type. */
  copyInto(a: Tensor, target: Tensor): Tensor {
    this.check("copyInto", isSameShape(a.shape, target.shape), a, target);
    const pointer = this.native.ggml_cpy(this.context, a.pointer, target.pointer);
    return { ...target, pointer };
  }

  /** The same numbers, the first two axes exchanged. */
  transpose(a: Tensor): Tensor {
    this.check("transpose", a.layout === "plain", a);
    const [first, second, third, fourth] = a.shape;
    const pointer = this.native.ggml_transpose(this.context, a.pointer);
    return { ...a, pointer, shape: [second, first, third, fourth], layout: "transposed" };
  }

  /** The same numbers, the second and the third axis exchanged. */
  swapHeads(a: Tensor): Tensor {
    this.check("swapHeads", a.layout === "plain", a);
    const [first, second, third, fourth] = a.shape;
    const pointer = this.native.ggml_permute(this.context, a.pointer, 0, 2, 1, 3);
    return { ...a, pointer, shape: [first, third, second, fourth], layout: "rows" };
  }

  /** The same numbers in the same order under another shape. */
  reshape(a: Tensor, shape: readonly number[]): Tensor {
    const filled = fillShape(shape);
    const fits = a.layout === "plain" && countElements(a.shape) === countElements(filled);
    this.check("reshape", fits, a);
    const pointer = this.native.ggml_reshape_4d(this.context, a.pointer, ...filled);
    return { ...a, pointer, shape: filled };
  }

  protected turn(
    name: "ggml_rope_ext" | "ggml_rope_ext_back",
    a: Tensor,
    positions: Tensor,
    { dimensions, mode, base, factors }: Rope,
  ): Tensor {
    const isWhole = isIndex(positions) && positions.shape[0] === a.shape[2];
    const fits = factors === undefined || (arePlain(factors) && factors.shape[0] >= dimensions / 2);
    const sound = isWhole && fits && areRows(a) && a.shape[0] >= dimensions;
    this.check(name, sound, a, positions, ...(factors ? [factors] : []));
    const modeNumber = mode === "normal" ? 0 : 2; // GGML_ROPE_TYPE_NORMAL, GGML_ROPE_TYPE_NEOX
    const call = this.native[name];
    const numbers = [dimensions, modeNumber, 0, base, ...noScaling];
    const pointers = [a.pointer, positions.pointer, factors?.pointer ?? null] as const;
    return floats(call(this.context, ...pointers, ...numbers), a.shape);
  }

  /** Counts one more tensor. @throws FuzzError FUZZ_SHAPE_MISMATCH, or FUZZ_GRAPH_FULL when there is no room. */
  protected check(operation: string, fits: boolean, ...operands: Tensor[]): void {
    if (!fits) {
      throw shapeError(operation, operands);
    }
    this.reserve();
  }

  protected reserve(): void {
    if (this.#used === this.#capacity) {
      throw new FuzzError(`A graph holds no more than ${this.#capacity} tensors`, {
        code: "FUZZ_GRAPH_FULL",
        kind: "internal",
      });
    }
    this.#used++;
  }
}

// freq_scale, ext_factor, attn_factor, beta_fast, beta_slow: the context is not stretched.
const noScaling = [1, 0, 1, 32, 1];

/** A new F32 tensor with all numbers in order. */
export function floats(pointer: Pointer, shape: Shape): Tensor {
  return { pointer, type: ggmlTypes.F32, shape, layout: "plain" };
}
