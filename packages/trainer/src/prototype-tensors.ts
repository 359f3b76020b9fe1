import { ggmlTypes, type Tensor, type TensorStore, type Worktop } from "@fuzzc/llama";

/** The prototypes of labels as a tensor of the engine. */
export class PrototypeTensors implements Disposable {
  readonly #store: TensorStore<"prototypes" | "bias" | "unit">;

  /** @param bias of each label, which is not trained. */
  constructor(worktop: Worktop, size: number, bias: readonly number[]) {
    this.#store = worktop.store(
      new Map([
        ["prototypes", { type: ggmlTypes.F32, shape: [size, bias.length] }],
        ["bias", { type: ggmlTypes.F32, shape: [bias.length] }],
        ["unit", { type: ggmlTypes.F32, shape: [size] }],
      ] as const),
    );
    this.#store.write("bias", Float32Array.from(bias));
    this.#store.write("unit", new Float32Array(size).fill(size ** -0.5));
  }

  /** size x labels */
  get tensor(): Tensor {
    return this.#store.get("prototypes");
  }

  /** One number a label. */
  get bias(): Tensor {
    return this.#store.get("bias");
  }

  /** Makes vectors of length 1 out of those of spread 1. */
  get unit(): Tensor {
    return this.#store.get("unit");
  }

  /** @param values of one label after the other. */
  write(values: Float32Array): void {
    this.#store.write("prototypes", values);
  }

  [Symbol.dispose](): void {
    this.#store[Symbol.dispose]();
  }
}
