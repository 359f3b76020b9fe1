import { FuzzError } from "@fuzzc/program";

/**
 * The sentence encoder that tests run on.
 * @throws FuzzError FUZZ_MODEL_NOT_FOUND when FUZZC_TEST_ENCODER does not name it.
 */
export function testEncoderPath(): string {
  const path = process.env.FUZZC_TEST_ENCODER;
  if (path === undefined) {
    throw new FuzzError("FUZZC_TEST_ENCODER does not name a sentence encoder", {
      code: "FUZZ_MODEL_NOT_FOUND",
      kind: "resource",
      hint: "Run the tests with `npm test`, which fetches it.",
    });
  }
  return path;
}
