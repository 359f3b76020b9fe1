/**
 * Trains the adapter of a program on examples, in the engine that will run it: no Python, no graphics card.
 * The lower layers of the base model stay as they are and are run once for each example; the upper ones get a LoRA pair
 * for each of their weights. All of it happens in a child process. `trainEncoder` does the same for label functions: it
 * trains the sentence encoder, and a vector for each label.
 *
 * @example
 * const { adapter, before, after } = await trainAdapter({
 *   modelPath: "SmolLM2-135M-Instruct.Q8_0.gguf",
 *   task: { task: "Repair the log line.\n\nOutput: text", examples: [] },
 *   examples: [{ input: "9:4:7 eror", output: "09:04:07 ERROR" }, …],
 *   heldBack: [{ input: "7:3:1 wran", output: "07:03:01 WARN" }, …],
 *   onProgress: ({ step, steps, secondsLeft }) => console.error(`${step} of ${steps}, ${secondsLeft} s`),
 * });
 * console.error(`${before?.exact} → ${after?.exact} of ${after?.count}`);
 * await model.loadAdapter(adapter);
 *
 * @module
 */
export { planSteps } from "./check-options.ts";
export type { TrainedAdapter } from "./run-training.ts";
export type { Ending, LabelExample, Progress } from "./session.ts";
export { type TrainOptions, trainAdapter } from "./train-adapter.ts";
export {
  type TrainEncoderOptions,
  type TrainedEncoder,
  trainEncoder,
} from "./train-encoder.ts";
export type { Score } from "./trainee.ts";
