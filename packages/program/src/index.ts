/**
 * What a fuzzy function is when compiled: a program (`.paw`), its prompt, and its adapter in GGUF.
 * No native code and no `node:` imports, so that it runs in Node and in a browser alike.
 *
 * @example
 * ```ts
 * import { readProgram, writeProgram } from "@fuzzc/program";
 *
 * const program = await readProgram(new Uint8Array(await file.arrayBuffer()));
 * console.log(program.meta.spec, program.meta.output);
 * const bytes = await writeProgram(program); // the same bytes again
 * ```
 */

export {
  type Adapter,
  type AdapterLayer,
  type HeadCounts,
  moduleTensors,
} from "./adapter.ts";
export { decodeCoefficients, encodeCoefficients } from "./coefficients.ts";
export { coefficientsToAdapter } from "./coefficients-to-adapter.ts";
export {
  type CompilerManifest,
  compilerManifestSchema,
  readCompilerManifest,
} from "./compiler-manifest.ts";
export { dequantize } from "./dequantize.ts";
export {
  type ErrorKind,
  FuzzError,
  type FuzzErrorOptions,
  type SourcePlace,
} from "./errors.ts";
export { fromFloat16Bits, toFloat16Bits } from "./float16.ts";
export { type FuzzyInput, formatInput, inputNamesSchema } from "./format-input.ts";
export { formatTask } from "./format-task.ts";
export type { Gguf, GgufArray, GgufScalar, GgufTensor, GgufValue } from "./gguf.ts";
export type { JsonSchemaObject, JsonValue } from "./json-value.ts";
export { type Example, exampleSchema, type OutputType, outputTypeSchema } from "./output-type.ts";
export { parseJson } from "./parse-json.ts";
export type { PlainPrompt } from "./plain-prompt.ts";
export type { Program } from "./program.ts";
export { programId } from "./program-id.ts";
export { checkProgramMeta, type ProgramMeta, programMetaSchema } from "./program-meta.ts";
export {
  endMark,
  type PromptParts,
  promptBlocks,
  promptSegments,
  type Segment,
  suffixSegments,
} from "./prompt-segments.ts";
export { quantize } from "./quantize.ts";
export { readAdapter } from "./read-adapter.ts";
export {
  type CompilerWeights,
  type LinearWeights,
  type LoraMatrices,
  readCompilerWeights,
  sharedKey,
} from "./read-compiler-weights.ts";
export { readGguf } from "./read-gguf.ts";
export { readProgram } from "./read-program.ts";
export {
  inputPlaceholder,
  renderPseudoProgram,
  renderTemplate,
  splitTemplate,
} from "./render-template.ts";
export { sha256Hex } from "./sha256.ts";
export type { TensorType } from "./tensor-type.ts";
export { type WriteAdapterOptions, writeAdapter } from "./write-adapter.ts";
export { type GgufContent, writeGguf } from "./write-gguf.ts";
export { writeProgram } from "./write-program.ts";
