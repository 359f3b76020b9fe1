import { engineError } from "./errors.ts";
import { countBytes, readTensor, type TensorValues, writeTensor } from "./ggml-copy.ts";
import type { GgmlFunctions } from "./ggml-functions.ts";
import { GraphGradients } from "./ggml-gradients.ts";
import { fillShape, type Tensor } from "./ggml-tensor.ts";
import type { Pointer } from "./native-library.ts";

/** A computation: built once, then given memory and computed by a `Worktop`. */
export class Graph extends GraphGradients implements Disposable {
  /** For the rest of this room. */
  readonly pointer: Pointer;
  #disposed = false;

  /** Made by `Ggml.openGraph`. */
  constructor(native: GgmlFunctions, capacity: number) {
    const context = native.ggml_init({
      mem_size:
        Number(native.ggml_tensor_overhead()) * capacity +
        Number(native.ggml_graph_overhead_custom(capacity, false)),
      mem_buffer: null,
      no_alloc: true,
    });
    if (context === null) {
      throw engineError("The engine could not open a graph");
    }
    super(native, context, capacity);
    this.pointer = native.ggml_new_graph_custom(context, capacity, false);
  }

  /** A tensor that is written once the graph has memory. */
  input(type: number, shape: readonly number[]): Tensor {
    this.reserve();
    const filled = fillShape(shape);
    const pointer = this.native.ggml_new_tensor_4d(this.context, type, ...filled);
    this.native.ggml_set_input(pointer);
    return { pointer, type, shape: filled, layout: "plain" };
  }

  /** Computes `tensor`, and keeps it to be read. */
  output(tensor: Tensor): Tensor {
    this.native.ggml_set_output(tensor.pointer);
    this.expand(tensor);
    return tensor;
  }

  /** Computes `tensor`, and all that it takes, before whatever is asked for later. */
  expand(tensor: Tensor): void {
    this.native.ggml_build_forward_expand(this.pointer, tensor.pointer);
  }

  /** Bytes of a tensor. */
  countBytes(tensor: Tensor): number {
    return countBytes(this.native, tensor);
  }

  /** Writes an input. @throws FuzzError FUZZ_SHAPE_MISMATCH unless `values` are as long. */
  write(tensor: Tensor, values: TensorValues): void {
    writeTensor(this.native, tensor, values);
  }

  /** Reads an output into `values`. @throws FuzzError FUZZ_SHAPE_MISMATCH unless they are as long. */
  read(tensor: Tensor, values: TensorValues): void {
    readTensor(this.native, tensor, values);
  }

  [Symbol.dispose](): void {
    if (!this.#disposed) {
      this.#disposed = true;
      this.native.ggml_free(this.context);
    }
  }
}
