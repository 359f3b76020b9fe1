import { engineError } from "./errors.ts";
import type { GgmlFunctions } from "./ggml-functions.ts";
import type { Graph } from "./ggml-graph.ts";
import { outOfMemory, type TensorPlan, TensorStore } from "./ggml-store.ts";
import { callAsync, type Pointer } from "./native-library.ts";

const processor = 0; // GGML_BACKEND_DEVICE_TYPE_CPU

/**
 * One thread of the processor with memory for one graph at a time. Several can compute side by side: threads that
 * share a graph wait for each other by spinning, those of two worktops never do.
 */
export class Worktop implements Disposable {
  readonly #native: GgmlFunctions;
  readonly #backend: Pointer;
  readonly #allocator: Pointer;
  #disposed = false;

  /** Made by `Ggml.openWorktop`. */
  constructor(native: GgmlFunctions) {
    const backend = native.ggml_backend_init_by_type(processor, null);
    if (backend === null) {
      throw engineError("The engine has no backend for this processor");
    }
    this.#native = native;
    this.#backend = backend;
    const registry = native.ggml_backend_dev_backend_reg(native.ggml_backend_get_device(backend));
    const address = native.ggml_backend_reg_get_proc_address(
      registry,
      "ggml_backend_set_n_threads",
    );
    if (address === null) {
      throw engineError("The engine can't be told how many threads to use");
    }
    native.callSetThreads(address, backend, 1);
    this.#allocator = native.ggml_gallocr_new(native.ggml_backend_get_default_buffer_type(backend));
  }

  /** Makes tensors that stay. @throws FuzzError FUZZ_OUT_OF_MEMORY */
  store<Name extends string>(plans: ReadonlyMap<Name, TensorPlan>): TensorStore<Name> {
    return new TensorStore(this.#native, this.#backend, plans);
  }

  /** Gives a graph its memory, which the last one loses. @throws FuzzError FUZZ_OUT_OF_MEMORY */
  allocate(graph: Graph): void {
    if (!this.#native.ggml_gallocr_alloc_graph(this.#allocator, graph.pointer)) {
      throw outOfMemory("the graph");
    }
  }

  /** Bytes that the graphs so far have needed. */
  get sizeBytes(): number {
    return Number(this.#native.ggml_gallocr_get_buffer_size(this.#allocator, 0));
  }

  /** Computes an allocated graph on a worker thread. Nothing of it may be touched before the promise settles. */
  async compute(graph: Graph): Promise<void> {
    const { ggml_backend_graph_compute } = this.#native;
    const status = await callAsync(ggml_backend_graph_compute, this.#backend, graph.pointer);
    if (status !== 0) {
      throw engineError(`The engine gave up on a graph (status ${status})`);
    }
  }

  [Symbol.dispose](): void {
    if (!this.#disposed) {
      this.#disposed = true;
      this.#native.ggml_gallocr_free(this.#allocator);
      this.#native.ggml_backend_free(this.#backend);
    }
  }
}
