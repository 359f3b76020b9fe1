import type { AnsweringFunction } from "fuzzc";
import { describeAnswer, print } from "./describe-answer.ts";
import { isRight } from "./is-right.ts";
import type { Equals, Verdict } from "./verdict.ts";

export interface AnswerOptions {
  /** How likely the answer has to be at least, 0 to 1. */
  minProbability?: number | undefined;
}

/**
 * Whether a function answers an input so.
 * @param expected null stands for any abstention.
 * @throws FuzzError what the call throws
 */
export async function checkAnswer<Output, Input>(
  answer: AnsweringFunction<Output, Input>,
  input: Input,
  expected: unknown,
  { minProbability = 0, equals }: AnswerOptions & { equals: Equals },
): Promise<Verdict> {
  const detail = await answer.detail(input);
  const least = minProbability > 0 ? `, with a probability of at least ${minProbability}` : "";
  return {
    pass: isRight(detail, expected, equals) && detail.probability >= minProbability,
    message: `input    ${print(input)}\nexpected ${print(expected)}${least}\ngot      ${describeAnswer(detail)}`,
    expected,
    actual: detail.output,
  };
}
