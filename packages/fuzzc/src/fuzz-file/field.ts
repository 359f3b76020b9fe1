import { FuzzError, type FuzzyInput } from "@fuzzc/program";
import type { Json } from "../output-form.ts";

/** A value in a source file, of YAML or of data, that knows where it stands. */
export interface Field {
  /**
   * @param what was expected, for the error of a list or an object.
   * @throws FuzzError FUZZ_FILE_INVALID
   */
  readText(what: string): string;
  /**
   * Any value that JSON can hold.
   * @throws FuzzError FUZZ_FILE_INVALID
   */
  readValue(): Json;
  /** What is wrong here. */
  error(trouble: string, more?: ErrorParts): FuzzError;
}

/** An input with its right output. */
export interface Pair {
  input: FuzzyInput;
  output: Field;
}

export interface ErrorParts {
  code?: string;
  hint?: string;
  cause?: unknown;
}

/** A place in a file; lines and columns count from 1. */
export interface Place {
  line: number;
  column: number;
}

/** `triage.fuzz.yaml:7:3: trouble` */
export function placeError(
  path: string,
  { line, column }: Place,
  trouble: string,
  more: ErrorParts = {},
): FuzzError {
  return new FuzzError(`${path}:${line}:${column}: ${trouble}`, {
    code: "FUZZ_FILE_INVALID",
    place: { path, line, column },
    ...more,
  });
}
