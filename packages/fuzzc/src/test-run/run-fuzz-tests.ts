import type { SetupOptions } from "../setup-options.ts";
import { checkTests } from "./check-tests.ts";
import { describeOutcome } from "./describe-outcome.ts";
import { OpenFunctions } from "./open-functions.ts";
import { readFunctions } from "./read-functions.ts";
import { runTests } from "./run-tests.ts";

/** What came of the tests of a file or a folder. */
export interface TestRun {
  /** Whether every function reached its score. */
  passed: boolean;
  /** As `fuzzc test` prints it: what did not pass, and the scores. */
  report: string;
}

/**
 * Runs the tests of `*.fuzz.yaml` files, as `fuzzc test` does.
 * @param address of a file, `FILE#NAME` of one of its functions, or a folder to look through
 * @throws FuzzError FUZZ_NO_TESTS, FUZZ_FILE_NOT_FOUND, FUZZ_CANCELLED, and what reading, compiling and loading throw
 */
export async function runFuzzTests(address: string, options: SetupOptions = {}): Promise<TestRun> {
  const sources = await readFunctions([address]);
  checkTests(sources, [address]);
  for (const { error } of sources.failures) {
    throw error;
  }
  const { signal = new AbortController().signal } = options;
  await using opened = new OpenFunctions(options);
  const reports: string[] = [];
  let passed = true;
  for await (const outcome of runTests(sources.functions, opened, {
    signal,
    onProgress: () => {},
  })) {
    if (outcome.state === "failed") {
      throw outcome.error;
    }
    passed &&= outcome.state === "untested" || outcome.passed;
    reports.push(describeOutcome(outcome, sources.functions.length === 1) ?? "");
  }
  return { passed, report: reports.join("\n") };
}
