/**
 * llama.cpp from Node, without a compiler: the prebuilt libraries of one pinned build, called through koffi.
 * This is the only room that knows C. What reaches the engine has been checked before, because an assertion inside it
 * would end the process; every fault is a `FuzzError`. Heavy calls run on worker threads.
 *
 * @example
 * const engine = loadEngine();
 * await using model = await engine.openModel("SmolLM2-135M-Instruct.Q8_0.gguf");
 * await using context = await model.openContext({ contextSize: 1024, sequences: 1 });
 * const tokens = model.tokenize("The capital of France is", { special: false });
 * const [logits] = await context.decode(
 *   Array.from(tokens, (token, position) => ({ token, position, sequences: [0], output: position === tokens.length - 1 })),
 * );
 * const best = logits.indexOf(Math.max(...logits));
 * console.log(model.detokenize([best])); // " Paris"
 *
 * @module
 */
export type { Adapter } from "./adapter.ts";
export type { DecodeEntry } from "./batch.ts";
export type { Context, DecodeOptions } from "./context.ts";
export type { Encoder } from "./encoder.ts";
export type { Engine, Quantisation } from "./engine.ts";
export {
  type Ggml,
  type Graph,
  ggmlTypes,
  openGgml,
  type Rope,
  type Tensor,
  type TensorPlan,
  type TensorStore,
  type TensorValues,
  type Worktop,
} from "./ggml.ts";
export type { Grammar } from "./grammar.ts";
export { loadEngine } from "./load-engine.ts";
export type { Model } from "./model.ts";
export { type ModelTensors, openModelTensors } from "./model-tensors.ts";
export type { ContextOptions } from "./open-context.ts";
export type { EncoderOptions } from "./open-encoder.ts";
export type { ChatMessage } from "./render-chat.ts";
export { decodeState, encodeState, type SequenceState } from "./state-file.ts";
export { testEncoderPath } from "./test-encoder.ts";
export { testModelPath } from "./test-model.ts";
export { engineVersion } from "./verify-build.ts";
