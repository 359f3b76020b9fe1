import koffi from "koffi";
import type { Native } from "./native.ts";
import { type Pointer, wrongBuild } from "./native-library.ts";

// struct ggml_tensor is 336 bytes; its dimensions `int64_t ne[4]` start at byte 16.
const tensorWords = 42;
const firstDimension = 2;

/**
 * A switch that stops a running decode from the JavaScript side.
 *
 * The engine asks its abort callback between two graph nodes, on its own thread, where JavaScript must not run. So the
 * callback is a C function that is already there, `ggml_is_empty`, and its argument is a tensor of ours that "becomes
 * empty" when the switch is thrown.
 */
export class AbortFlag {
  readonly #tensor = new BigInt64Array(tensorWords);
  readonly callback: Pointer;
  readonly data: Pointer;

  constructor(native: Native) {
    this.callback = native.isEmptyTensor;
    this.data = koffi.address(this.#tensor);
    this.reset();
    const idle = native.ggml_is_empty(this.#tensor);
    this.raise();
    const raised = native.ggml_is_empty(this.#tensor);
    this.reset();
    if (idle || !raised) {
      throw wrongBuild(native.folder, "struct ggml_tensor has another layout");
    }
  }

  raise(): void {
    this.#tensor[firstDimension] = 0n;
  }

  reset(): void {
    this.#tensor.fill(1n, firstDimension, firstDimension + 4);
  }
}
