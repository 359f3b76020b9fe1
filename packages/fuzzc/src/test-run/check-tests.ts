import { FuzzError } from "@fuzzc/program";
import type { TestSources } from "./read-functions.ts";

/** @throws FuzzError FUZZ_NO_TESTS when nothing at all would be tested */
export function checkTests({ functions, failures }: TestSources, words: readonly string[]): void {
  if (failures.length === 0 && functions.every(({ file }) => file.tests.length === 0)) {
    throw new FuzzError(`${words.join(", ")} has no tests`, {
      code: "FUZZ_NO_TESTS",
      hint: "Add tests to the *.fuzz.yaml file, each { input, output }.",
    });
  }
}
