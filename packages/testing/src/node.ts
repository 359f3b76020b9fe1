/**
 * Assertions for node:test, and for every framework that shows an AssertionError.
 *
 * @example
 * import { test } from "node:test";
 * import { assertAbstains, assertAnswers, assertPassesTests, assertScore } from "@fuzzc/testing/node";
 * import { triage } from "../fuzz/triage.js";
 *
 * test("triage", async () => {
 *   await assertPassesTests("policies/triage.fuzz.yaml");
 *   await assertAnswers(triage, "Nobody can log in.", "now", { minProbability: 0.6 });
 *   await assertAbstains(triage, "What is the capital of France?");
 *   await assertScore(triage, 0.9, [{ input: "A typo in the footer.", output: "later" }]);
 * });
 *
 * @module
 */
import { AssertionError } from "node:assert";
import { isDeepStrictEqual } from "node:util";
import type { AnsweringFunction } from "fuzzc";
import { checkAbstention } from "./check-abstention.ts";
import { type AnswerOptions, checkAnswer } from "./check-answer.ts";
import { type Case, checkScore } from "./check-score.ts";
import { checkTests } from "./check-tests.ts";
import type { Verdict } from "./verdict.ts";

export type { AnswerOptions } from "./check-answer.ts";
export type { Case } from "./check-score.ts";

/**
 * The functions of a `*.fuzz.yaml` pass their tests, as with `fuzzc test`.
 * @param address the path of the file, `FILE#NAME` of one of its functions, or a folder
 * @throws AssertionError with what did not pass; FuzzError what `runFuzzTests` throws
 */
export async function assertPassesTests(address: string): Promise<void> {
  assertPass(await checkTests(address), "assertPassesTests");
}

/**
 * The function answers the input so.
 * @param expected null stands for any abstention.
 * @throws AssertionError with what it answered; FuzzError what the call throws
 */
export async function assertAnswers<Output, Input>(
  answer: AnsweringFunction<Output, Input>,
  input: Input,
  expected: NoInfer<Output> | null,
  options: AnswerOptions = {},
): Promise<void> {
  const verdict = await checkAnswer(answer, input, expected, {
    ...options,
    equals: isDeepStrictEqual,
  });
  assertPass(verdict, "assertAnswers");
}

/**
 * The function abstains on the input.
 * @throws AssertionError with what it answered; FuzzError what the call throws
 */
export async function assertAbstains<Output, Input>(
  answer: AnsweringFunction<Output, Input>,
  input: Input,
): Promise<void> {
  assertPass(await checkAbstention(answer, input), "assertAbstains");
}

/**
 * The function answers at least a share of the cases right, 0 to 1.
 * @throws AssertionError with the cases that it did not; FuzzError FUZZ_OPTION_INVALID
 */
export async function assertScore<Output, Input>(
  answer: AnsweringFunction<Output, Input>,
  score: number,
  cases: readonly Case<NoInfer<Output>, Input>[],
): Promise<void> {
  assertPass(await checkScore(answer, score, cases, isDeepStrictEqual), "assertScore");
}

function assertPass({ pass, ...failure }: Verdict, operator: string): void {
  if (!pass) {
    throw new AssertionError({ ...failure, operator });
  }
}
