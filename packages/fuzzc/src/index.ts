/**
 * Fuzzy functions: plain English in, a small local function out. A spec is compiled once, into a program that runs on a
 * small language model on this machine.
 *
 * @example
 * import { fuzzy } from "fuzzc";
 *
 * const triage = await fuzzy({
 *   spec: "Decide how soon a support message needs a reply.",
 *   output: ["now", "today", "later"],
 *   examples: [{ input: "The whole site is down!", output: "now" }],
 * });
 * console.log(await triage("Nobody can log in.")); // "now" | "today" | "later"
 * await triage.save("triage.paw");
 * await triage.dispose();
 *
 * @module
 */
export type { CompileReport, OptimisationLevel } from "@fuzzc/compiler";
export type { MapOptions, RunOptions, Timings, TokenCounts } from "@fuzzc/interpreter";
export {
  type ErrorKind,
  FuzzError,
  type FuzzyInput,
  type JsonValue,
  type Program,
  type ProgramMeta,
} from "@fuzzc/program";
export {
  type CompiledModule,
  type CompileModuleOptions,
  compileModule,
} from "./build/compile-module.ts";
export { fuzzy } from "./fuzzy.ts";
export type { AnsweringFunction, Detail, FuzzyFunction } from "./fuzzy-function.ts";
export type { FuzzyOptions, InputOf, ResultOf } from "./fuzzy-options.ts";
export { load } from "./load.ts";
export { type LazyFunction, loadOnCall } from "./load-on-call.ts";
export type { Json, OutputForm } from "./output-form.ts";
export type { ExampleOutput, OutputOf } from "./output-of.ts";
export { type FuzzFile, parseFuzzFile, parseFuzzFiles } from "./parse-fuzz-file.ts";
export type { FuzzyProgress, OnFuzzyProgress } from "./progress.ts";
export { readFuzzFile, readFuzzFiles } from "./read-fuzz-file.ts";
export type { InterpreterKind, SetupOptions } from "./setup-options.ts";
export { runFuzzTests, type TestRun } from "./test-run/run-fuzz-tests.ts";
