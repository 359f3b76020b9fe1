import { FuzzError } from "@fuzzc/program";

/**
 * The base model that tests run on, derived as Q8_0.
 * @throws FuzzError FUZZ_MODEL_NOT_FOUND when FUZZC_TEST_MODEL does not name it.
 */
export function testModelPath(): string {
  const path = process.env.FUZZC_TEST_MODEL;
  if (path === undefined) {
    throw new FuzzError("FUZZC_TEST_MODEL does not name a base model", {
      code: "FUZZ_MODEL_NOT_FOUND",
      kind: "resource",
      hint: "Run the tests with `npm test`, which fetches it.",
    });
  }
  return path;
}
