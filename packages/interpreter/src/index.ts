/**
 * Runs programs on a base model. A label function scores its labels, a JSON function can only write JSON of its schema,
 * a text function writes what the model finds most likely. Inputs are answered in one running batch per program, and
 * programs take turns.
 *
 * @example
 * const model = await ensureBaseModel("smollm2-135m-instruct");
 * await using interpreter = await openInterpreter({
 *   modelPath: model.path,
 *   base: { name: model.name, source_sha256: model.sourceSha256, quantisation: model.quantisation },
 *   cacheFolder: cacheFolder(),
 * });
 * await using triage = await interpreter.load(program, adapter);
 * console.log((await triage.run("site is down!!")).labels); // { now: 0.9, today: 0.08, later: 0.02 }
 * for await (const { output } of triage.map(lines)) console.log(output);
 *
 * @module
 */
export type {
  Answer,
  LoadedProgram,
  MapOptions,
  RunOptions,
  Timings,
  TokenCounts,
} from "./answer.ts";
export {
  EncoderInterpreter,
  type EncoderInterpreterOptions,
  openEncoderInterpreter,
} from "./encoder-interpreter.ts";
export { ensureBaseModel, type ReadyModel } from "./ensure-base-model.ts";
export { ensureEncoder } from "./ensure-encoder.ts";
export { guardProgram } from "./guard-program.ts";
export type { Base, Interpreter, LoadOptions } from "./interpreter.ts";
export { checkSchema, type JsonSchema } from "./json-grammar/check-schema.ts";
export { compileSchema } from "./json-grammar/compile-schema.ts";
export type { Grammar, GrammarNode } from "./json-grammar/grammar.ts";
export { renderGbnf } from "./json-grammar/render-gbnf.ts";
export { openValidator, type Validator } from "./json-grammar/validate-json.ts";
export { type MapInputsOptions, mapInputs, takeAnswers } from "./map-inputs.ts";
export { type InterpreterOptions, openInterpreter } from "./open-interpreter.ts";
export { type Candidates, listMarks, readCandidates } from "./read-candidates.ts";
export { type EncodedCandidates, type Ranking, scoreCandidates } from "./score-candidates.ts";
export { type InSpecVectors, readInSpec, scoreInSpec } from "./score-in-spec.ts";
export { type LabelScores, scoreLabels } from "./score-labels.ts";
