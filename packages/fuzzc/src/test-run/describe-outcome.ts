import { renderError } from "../render-error.ts";
import { type CaseOutcome, countPassed, type TestOutcome } from "./outcome.ts";

/**
 * What people read of one function: what did not pass, and the score.
 * @param isOnly leaves out which function it is.
 * @returns nothing for what can't be read or compiled, which is told as an error.
 */
export function describeOutcome(outcome: TestOutcome, isOnly: boolean): string | undefined {
  if (outcome.state === "failed") {
    return undefined;
  }
  if (outcome.state === "untested") {
    return `${outcome.address} has no tests`;
  }
  const { address, tests, examples, requiredScore } = outcome;
  const lines = isOnly ? [] : [address];
  lines.push(...[...tests, ...examples].filter(({ passed }) => !passed).map(describeFailure));
  const score = `${countPassed(tests)} of ${tests.length} tests passed`;
  lines.push(requiredScore < 1 ? `${score}; ${percent(requiredScore)} are needed` : score);
  if (examples.length > 0) {
    const right = `${countPassed(examples)} of ${examples.length} examples right`;
    lines.push(`${right}, which the compiler has seen`);
  }
  return lines.join("\n");
}

/** The line under the reports of several functions. */
export function describeTotal(outcomes: readonly TestOutcome[]): string {
  const tested = outcomes.filter((outcome) => outcome.state === "tested");
  const tests = tested.flatMap((outcome) => outcome.tests);
  const good = tested.filter(({ passed }) => passed).length;
  const failed = outcomes.filter(({ state }) => state === "failed").length;
  const errors = failed > 0 ? `, ${failed} in error` : "";
  return `${good} of ${tested.length} functions passed, ${countPassed(tests)} of ${tests.length} tests${errors}`;
}

/** What was given instead, and how likely it was. */
export function describeGot({ detail, error }: CaseOutcome): string {
  if (detail === undefined) {
    return renderError(error).message;
  }
  const { output, text, probability, abstained, inSpec } = detail;
  const notes = [`probability ${probability.toFixed(2)}`];
  if (abstained) {
    notes.push(
      ...(inSpec === undefined ? [] : [`likeness to its usual inputs ${inSpec.toFixed(2)}`]),
    );
    notes.push(`withheld ${JSON.stringify(text)}`);
  }
  return `${JSON.stringify(output)} (${notes.join(", ")})`;
}

function describeFailure(one: CaseOutcome): string {
  const { kind, input, expected } = one;
  const head = `${kind === "test" ? "FAIL" : "EXAMPLE"} ${JSON.stringify(input)}`;
  return `${head}\n  expected ${JSON.stringify(expected)}\n  got      ${describeGot(one)}`;
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}
