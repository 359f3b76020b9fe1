/**
 * From a spec to a program: features of the spec pick coefficients, these pick an adapter from the
 * compiler's bases; examples then choose what goes in the prompt.
 *
 * @example
 * const compiler = await loadCompiler("compilers/smol");
 * const { program, report } = await compileProgram(
 *   { spec: "How soon does this need a reply?", output: { type: "labels", labels: ["now", "later"] } },
 *   { compiler, interpreter },
 * );
 * await writeFile("triage.paw", await writeProgram(program));
 *
 * @module
 */
export { buildAdapter } from "./build-adapter.ts";
export { compileForEncoder, type EncoderCompileOptions } from "./compile-for-encoder.ts";
export {
  type CompileFunctionOptions,
  chooseKinds,
  compileProgram,
} from "./compile-function.ts";
export type {
  Compiled,
  CompileOptions,
  CompileProgress,
  OptimisationLevel,
} from "./compile-program.ts";
export type { CompileRequest } from "./compile-request.ts";
export { describeLabel } from "./describe-label.ts";
export { findInSpec, minInSpec } from "./learn-in-spec.ts";
export { type Compiler, loadCompiler } from "./load-compiler.ts";
export { makeProgram, type Settings } from "./make-program.ts";
export { mapFeatures } from "./map-features.ts";
export { type Backbone, mapTask } from "./map-task.ts";
export type { TrainingOptions } from "./optimise-with-training.ts";
export type { CompileReport, InterpreterKind, TrainingReport } from "./report.ts";
