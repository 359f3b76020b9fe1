import { bindGgml, type GgmlFunctions } from "./ggml-functions.ts";
import { Graph } from "./ggml-graph.ts";
import { Worktop } from "./ggml-worktop.ts";
import { loadEngine } from "./load-engine.ts";

export type { TensorValues } from "./ggml-copy.ts";
export type { Graph } from "./ggml-graph.ts";
export type { Rope } from "./ggml-operations.ts";
export type { TensorPlan, TensorStore } from "./ggml-store.ts";
export { ggmlTypes, type Tensor } from "./ggml-tensor.ts";
export type { Worktop } from "./ggml-worktop.ts";

let opened: Ggml | undefined;

/**
 * ggml, the tensor library below llama.cpp, for computations that llama.cpp itself does not offer: training, above all.
 *
 * @example
 * const ggml = openGgml();
 * using worktop = ggml.openWorktop();
 * using graph = ggml.openGraph(8);
 * const a = graph.input(ggmlTypes.F32, [2, 1]);
 * const b = graph.input(ggmlTypes.F32, [2, 1]);
 * const product = graph.output(graph.mulMat(a, b));
 * worktop.allocate(graph);
 * graph.write(a, Float32Array.of(1, 2));
 * graph.write(b, Float32Array.of(3, 4));
 * await worktop.compute(graph);
 * const result = new Float32Array(1);
 * graph.read(product, result); // 11
 *
 * @throws FuzzError FUZZ_ENGINE_MISSING, FUZZ_ENGINE_VERSION
 */
export function openGgml(): Ggml {
  opened ??= new Ggml(bindGgml(loadEngine().folder));
  return opened;
}

/** See `openGgml`. */
export class Ggml {
  readonly #native: GgmlFunctions;

  constructor(native: GgmlFunctions) {
    this.#native = native;
  }

  /** A graph for at most `capacity` tensors, views included. Dispose it before its worktop. */
  openGraph(capacity: number): Graph {
    return new Graph(this.#native, capacity);
  }

  openWorktop(): Worktop {
    return new Worktop(this.#native);
  }
}
