/**
 * Matchers for Vitest. Import it in a test, or name it in `setupFiles`.
 *
 * @example
 * import "@fuzzc/testing/vitest";
 * import { expect, test } from "vitest";
 * import { triage } from "../fuzz/triage.js";
 *
 * test("triage", async () => {
 *   await expect("policies/triage.fuzz.yaml").toPassItsTests();
 *   await expect(triage).toAnswer("Nobody can log in.", "now", { minProbability: 0.6 });
 *   await expect(triage).toAbstainOn("What is the capital of France?");
 *   await expect(triage).toScoreAtLeast(0.9, [{ input: "A typo in the footer.", output: "later" }]);
 * });
 *
 * @module
 */
import type { AnsweringFunction } from "fuzzc";
import { expect } from "vitest";
import { checkAbstention } from "./check-abstention.ts";
import { type AnswerOptions, checkAnswer } from "./check-answer.ts";
import { type Case, checkScore } from "./check-score.ts";
import { checkTests } from "./check-tests.ts";
import type { Equals, Verdict } from "./verdict.ts";

export type { AnswerOptions } from "./check-answer.ts";
export type { Case } from "./check-score.ts";

/** What a function takes, and what it answers. */
type Asked<T> = T extends AnsweringFunction<infer _, infer Input> ? Input : never;
type Answered<T> = T extends AnsweringFunction<infer Output, infer _> ? Output : never;

interface FuzzyMatchers<T> {
  /** Of the path of a `*.fuzz.yaml`, `FILE#NAME`, or a folder: its functions pass their tests, as with `fuzzc test`. */
  toPassItsTests(): Promise<void>;
  /** The function answers the input so; null stands for any abstention. */
  toAnswer(input: Asked<T>, output: Answered<T> | null, options?: AnswerOptions): Promise<void>;
  /** The function abstains on the input. */
  toAbstainOn(input: Asked<T>): Promise<void>;
  /** The function answers at least this share of the cases right, 0 to 1. */
  toScoreAtLeast(score: number, cases: readonly Case<Answered<T>, Asked<T>>[]): Promise<void>;
}

declare module "vitest" {
  // Its parameter has to be the same as in vitest's own declaration.
  // biome-ignore lint/suspicious/noExplicitAny: vitest declares it so
  interface Assertion<T = any> extends FuzzyMatchers<T> {}
}

type MatcherState = ReturnType<typeof expect.getState>;
type AnyFunction = AnsweringFunction<unknown, unknown>;

expect.extend({
  async toPassItsTests(address: string) {
    return tell(this, await checkTests(address));
  },
  async toAnswer(answer: AnyFunction, input: unknown, expected: unknown, options?: AnswerOptions) {
    const verdict = await checkAnswer(answer, input, expected, {
      ...options,
      equals: equals(this),
    });
    return tell(this, verdict);
  },
  async toAbstainOn(answer: AnyFunction, input: unknown) {
    return tell(this, await checkAbstention(answer, input));
  },
  async toScoreAtLeast(
    answer: AnyFunction,
    score: number,
    cases: readonly Case<unknown, unknown>[],
  ) {
    return tell(this, await checkScore(answer, score, cases, equals(this)));
  },
});

/** As `toEqual`, so that `expect.objectContaining` and its like may stand in what is expected. */
function equals({ equals, customTesters, utils }: MatcherState): Equals {
  return (actual, expected) => equals(actual, expected, [...customTesters, utils.iterableEquality]);
}

function tell({ isNot }: MatcherState, { message, ...verdict }: Verdict) {
  return { ...verdict, message: () => (isNot ? `This is not expected:\n${message}` : message) };
}
