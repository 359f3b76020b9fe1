import { nameError } from "../name-error.ts";
import type { OpenFunctions } from "./open-functions.ts";
import type { TestedFunction, TestOutcome } from "./outcome.ts";
import { type TestOptions, testFunction } from "./test-function.ts";

export interface RunTestsOptions extends Pick<TestOptions, "requiredScore" | "signal"> {
  onProgress: (one: TestedFunction, done: number, of: number) => void;
}

/** Tests functions one after another. One that can't be compiled or run is an outcome, and the others go on. */
export async function* runTests(
  functions: readonly TestedFunction[],
  opened: OpenFunctions,
  { requiredScore, signal, onProgress }: RunTestsOptions,
): AsyncGenerator<TestOutcome> {
  for (const one of functions) {
    const { file, ...named } = one;
    if (file.tests.length === 0) {
      yield { state: "untested", ...named };
      continue;
    }
    try {
      const outcome = await testFunction(one, await opened.open(file), {
        requiredScore,
        signal,
        onProgress: (done, of) => onProgress(one, done, of),
      });
      yield { state: "tested", ...outcome };
    } catch (error) {
      signal.throwIfAborted();
      yield { state: "failed", path: one.path, error: nameError(error, one.address) };
    }
  }
}
