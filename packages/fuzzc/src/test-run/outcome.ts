import type { FuzzyInput, JsonValue } from "@fuzzc/program";
import type { Detail } from "../fuzzy-function.ts";
import type { Json } from "../output-form.ts";
import type { FuzzFile } from "../parse-fuzz-file.ts";

/** A function to test, and where it stands. */
export interface TestedFunction {
  path: string;
  name: string;
  /** What a command takes for it: the path, with `#name` behind it when the file has several functions. */
  address: string;
  file: FuzzFile;
}

/** One test or example that was asked. */
export interface CaseOutcome {
  /** The compiler has seen the examples, so only the tests count. */
  kind: "test" | "example";
  input: FuzzyInput;
  expected: Json;
  passed: boolean;
  /** What was answered; undefined where there is an error. */
  detail?: Detail<JsonValue>;
  error?: unknown;
}

/** What became of a function that was tested. */
export interface FunctionOutcome extends Omit<TestedFunction, "file"> {
  tests: CaseOutcome[];
  examples: CaseOutcome[];
  /** The share of tests that have to pass. */
  requiredScore: number;
  passed: boolean;
}

/** What became of one function, or of a file that can't be read. */
export type TestOutcome =
  | ({ state: "tested" } & FunctionOutcome)
  | ({ state: "untested" } & Omit<TestedFunction, "file">)
  | { state: "failed"; path: string; error: unknown };

/** How many of these cases passed. */
export function countPassed(cases: readonly CaseOutcome[]): number {
  return cases.filter(({ passed }) => passed).length;
}

/** Milliseconds that the answer itself took, without waiting for others of the batch. */
export function timeOf({ detail }: CaseOutcome): number {
  return detail === undefined ? 0 : detail.timings.inputMs + detail.timings.outputMs;
}
