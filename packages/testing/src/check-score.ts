import { type AnsweringFunction, FuzzError } from "fuzzc";
import { describeAnswer, print } from "./describe-answer.ts";
import { isRight } from "./is-right.ts";
import type { Equals, Verdict } from "./verdict.ts";

/** An input, and what a function should answer; null stands for any abstention. */
export interface Case<Output, Input> {
  readonly input: Input;
  readonly output: Output | null;
}

/**
 * Whether a function answers a share of cases right. All are asked as one batch; what can't be answered is not right.
 * @param score the share that has to be right, 0 to 1.
 * @throws FuzzError FUZZ_OPTION_INVALID for a score that is none, and without cases
 */
export async function checkScore<Output, Input>(
  answer: AnsweringFunction<Output, Input>,
  score: number,
  cases: readonly Case<Output, Input>[],
  equals: Equals,
): Promise<Verdict> {
  if (cases.length === 0 || !(score >= 0 && score <= 1)) {
    const hint = "Give a score from 0 to 1, and cases, each { input, output }.";
    throw new FuzzError(`A score of ${score} can't be asked for of ${cases.length} cases`, {
      code: "FUZZ_OPTION_INVALID",
      hint,
    });
  }
  const wrong: { case: Case<Output, Input>; got: unknown; text: string }[] = [];
  let asked = 0;
  for await (const settled of answer.mapSettled(cases.map(({ input }) => input))) {
    const one = cases[asked++] as Case<Output, Input>;
    if (settled.status === "rejected") {
      wrong.push({ case: one, got: settled.reason, text: String(settled.reason) });
    } else if (!isRight(settled.value, one.output, equals)) {
      const { output } = settled.value;
      wrong.push({ case: one, got: output, text: describeAnswer(settled.value) });
    }
  }
  const right = cases.length - wrong.length;
  const lines = wrong.map(
    ({ case: { input, output }, text }) =>
      `\ninput    ${print(input)}\nexpected ${print(output)}\ngot      ${text}`,
  );
  return {
    // A product such as 0.7 * 10 may be a last bit too large.
    pass: right >= score * cases.length - 1e-9,
    message: `${right} of ${cases.length} right; a score of ${score} is expected${lines.join("")}`,
    expected: wrong.map((one) => one.case),
    actual: wrong.map(({ case: { input }, got }) => ({ input, output: got })),
  };
}
