import { renderError } from "../render-error.ts";
import { type CaseOutcome, type TestOutcome, timeOf } from "./outcome.ts";

/** JSON lines: one for each test and example, one for what can't be read or compiled. */
export function outcomeToJson(outcome: TestOutcome): string[] {
  if (outcome.state === "untested") {
    return [];
  }
  if (outcome.state === "failed") {
    const { path, error } = outcome;
    return [JSON.stringify({ path, error: renderError(error).message })];
  }
  const { path, name, tests, examples } = outcome;
  return [...tests, ...examples].map((one) => JSON.stringify({ path, name, ...caseToJson(one) }));
}

function caseToJson(one: CaseOutcome): object {
  const { kind, input, expected, passed, detail, error } = one;
  return {
    kind,
    input,
    expected,
    output: detail?.output ?? null,
    probability: detail?.probability,
    abstained: detail?.abstained,
    pass: passed,
    ms: detail && Math.round(timeOf(one) * 10) / 10,
    ...(detail === undefined && { error: renderError(error).message }),
  };
}
