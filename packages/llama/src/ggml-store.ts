import { FuzzError } from "@fuzzc/program";
import { engineError } from "./errors.ts";
import { countBytes, readTensor, type TensorValues, writeTensor } from "./ggml-copy.ts";
import type { GgmlFunctions } from "./ggml-functions.ts";
import { fillShape, type Tensor } from "./ggml-tensor.ts";
import type { Pointer } from "./native-library.ts";

/** A tensor to make. */
export interface TensorPlan {
  /** ggml's type number. */
  type: number;
  shape: readonly number[];
}

/** Tensors that outlive graphs, such as weights. */
export class TensorStore<Name extends string> implements Disposable {
  readonly tensors: ReadonlyMap<Name, Tensor>;
  readonly sizeBytes: number;
  readonly #native: GgmlFunctions;
  readonly #context: Pointer;
  #buffer: Pointer | null;

  /** Made by `Worktop.store`. */
  constructor(native: GgmlFunctions, backend: Pointer, plans: ReadonlyMap<Name, TensorPlan>) {
    const context = native.ggml_init({
      mem_size: Number(native.ggml_tensor_overhead()) * plans.size,
      mem_buffer: null,
      no_alloc: true,
    });
    if (context === null) {
      throw engineError("The engine could not open a store of tensors");
    }
    this.#native = native;
    this.#context = context;
    this.tensors = new Map(
      [...plans].map(([name, { type, shape }]) => {
        const filled = fillShape(shape);
        const pointer = native.ggml_new_tensor_4d(context, type, ...filled);
        return [name, { pointer, type, shape: filled, layout: "plain" }];
      }),
    );
    this.#buffer = native.ggml_backend_alloc_ctx_tensors(context, backend);
    if (this.#buffer === null) {
      native.ggml_free(context);
      throw outOfMemory("its weights");
    }
    this.sizeBytes = Number(native.ggml_backend_buffer_get_size(this.#buffer));
  }

  /** @throws FuzzError FUZZ_UNKNOWN_TENSOR */
  get(name: Name): Tensor {
    const tensor = this.tensors.get(name);
    if (tensor === undefined) {
      throw new FuzzError(`There is no tensor ${name} in the store`, {
        code: "FUZZ_UNKNOWN_TENSOR",
        kind: "internal",
      });
    }
    return tensor;
  }

  /** Bytes of one tensor. */
  countBytes(name: Name): number {
    return countBytes(this.#native, this.get(name));
  }

  write(name: Name, values: TensorValues): void {
    writeTensor(this.#native, this.get(name), values);
  }

  read(name: Name, values: TensorValues): void {
    readTensor(this.#native, this.get(name), values);
  }

  [Symbol.dispose](): void {
    if (this.#buffer !== null) {
      this.#native.ggml_backend_buffer_free(this.#buffer);
      this.#native.ggml_free(this.#context);
      this.#buffer = null;
    }
  }
}

/** The error for memory that the machine does not have. */
export function outOfMemory(what: string): FuzzError {
  return new FuzzError(`The engine found no memory for ${what}`, {
    code: "FUZZ_OUT_OF_MEMORY",
    kind: "resource",
    hint: "Close other programs.",
  });
}
