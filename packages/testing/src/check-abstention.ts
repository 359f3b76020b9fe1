import type { AnsweringFunction } from "fuzzc";
import { describeAnswer, print } from "./describe-answer.ts";
import type { Verdict } from "./verdict.ts";

/**
 * Whether a function abstains on an input.
 * @throws FuzzError what the call throws
 */
export async function checkAbstention<Output, Input>(
  answer: AnsweringFunction<Output, Input>,
  input: Input,
): Promise<Verdict> {
  const detail = await answer.detail(input);
  return {
    pass: detail.abstained,
    message: `input    ${print(input)}\nexpected an abstention\ngot      ${describeAnswer(detail)}`,
  };
}
