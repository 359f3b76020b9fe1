import { floats, GraphOperations, type Rope } from "./ggml-operations.ts";
import {
  arePlain,
  areRows,
  ggmlTypes,
  isIndex,
  isSameShape,
  repeatsHeads,
  type Shape,
  type Tensor,
} from "./ggml-tensor.ts";

/** The operations of ggml that carry gradients back. A gradient has the shape of what it is for. */
export abstract class GraphGradients extends GraphOperations {
  /** a [n, k, …], b [m, k, …] → [n, m, …]: the sum of the outer products of rows; b may be transposed. */
  outProd(a: Tensor, b: Tensor): Tensor {
    const fits = a.shape[1] === b.shape[1] && repeatsHeads(a, b);
    this.check("outProd", fits && areRows(a) && b.type === ggmlTypes.F32, a, b);
    const shape: Shape = [a.shape[0], b.shape[0], b.shape[2], b.shape[3]];
    return floats(this.native.ggml_out_prod(this.context, a.pointer, b.pointer), shape);
  }

  /** For x, from the gradient for `silu(x)`. */
  siluBack(gradient: Tensor, x: Tensor): Tensor {
    this.#checkAlike("siluBack", gradient, x);
    const { native, context } = this;
    return floats(native.ggml_silu_back(context, gradient.pointer, x.pointer), x.shape);
  }

  /** For x, from the gradient for `rmsNorm(x)`. */
  rmsNormBack(gradient: Tensor, x: Tensor, epsilon: number): Tensor {
    this.#checkAlike("rmsNormBack", gradient, x);
    const { native, context } = this;
    const pointer = native.ggml_rms_norm_back(context, gradient.pointer, x.pointer, epsilon);
    return floats(pointer, x.shape);
  }

  /** For a, from the gradient for `rope(a, …)`. */
  ropeBack(gradient: Tensor, positions: Tensor, rope: Rope): Tensor {
    return this.turn("ggml_rope_ext_back", gradient, positions, rope);
  }

  /**
   * For a, from the gradient for `softMax(a, …, scale)` and its result. It is written over `gradient`, which may have no
   * other use: left to itself, the engine may write it over `result`, and then reads that half overwritten.
   */
  softMaxBack(gradient: Tensor, result: Tensor, scale = 1): Tensor {
    this.#checkAlike("softMaxBack", gradient, result);
    const { native, context } = this;
    const pointers = [gradient.pointer, result.pointer] as const;
    return floats(
      native.ggml_soft_max_ext_back_inplace(context, ...pointers, scale, 0),
      result.shape,
    );
  }

  /** For the table, from the gradient for `getRows(table, indices)`. */
  getRowsBack(gradient: Tensor, indices: Tensor, table: Tensor): Tensor {
    const fits = gradient.shape[0] === table.shape[0] && gradient.shape[1] === indices.shape[0];
    const sound = fits && isIndex(indices) && arePlain(gradient, table);
    this.check("getRowsBack", sound, gradient, indices, table);
    const pointers = [gradient.pointer, indices.pointer, table.pointer] as const;
    return floats(this.native.ggml_get_rows_back(this.context, ...pointers), table.shape);
  }

  #checkAlike(operation: string, gradient: Tensor, x: Tensor): void {
    const fits = arePlain(gradient, x) && isSameShape(gradient.shape, x.shape);
    this.check(operation, fits, gradient, x);
  }
}
