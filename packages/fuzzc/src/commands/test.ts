import { FuzzError, type JsonValue } from "@fuzzc/program";
import type { Detail } from "../fuzzy-function.ts";
import { findTarget, openTarget } from "../open-target.ts";
import { type Json, toOutputType } from "../output-form.ts";
import { outputText } from "../output-text.ts";
import { renderError } from "../render-error.ts";
import { openOptions, type Session, type SharedFlags } from "./session.ts";

/** `fuzzc test`: runs a file's tests; 1 when one of them failed. */
export async function testFile(
  session: Session,
  word: string,
  flags: SharedFlags,
): Promise<number> {
  const { terminal, signal } = session;
  const target = await findTarget(word);
  const tests = target.kind === "source" ? (target.source.tests ?? []) : [];
  if (tests.length === 0) {
    throw new FuzzError(`${word} has no tests`, {
      code: "FUZZ_NO_TESTS",
      hint: "Add tests to the *.fuzz.yaml file, each { input, output }.",
    });
  }
  await using answer = await openTarget(target, openOptions(session, flags));
  const { type } = toOutputType(target.kind === "source" ? target.source.output : undefined);
  const inputs = tests.map(({ input }) => input);
  let index = 0;
  let passed = 0;
  for await (const settled of answer.mapSettled(inputs, { signal })) {
    signal.throwIfAborted();
    const { input, output: expected } = tests[index++]!;
    const detail = settled.status === "fulfilled" ? settled.value : undefined;
    const pass = detail !== undefined && isExpected(detail, expected, type);
    passed += pass ? 1 : 0;
    const got = detail?.output ?? null;
    const error =
      settled.status === "rejected" ? { error: renderError(settled.reason).message } : {};
    if (flags.json) {
      await terminal.print(JSON.stringify({ input, expected, output: got, pass, ...error }));
    } else if (!pass) {
      const given = error.error ?? show(got);
      await terminal.print(
        `FAIL ${show(input)}\n  expected ${show(expected)}\n  got      ${given}`,
      );
    }
  }
  if (!flags.json) {
    await terminal.print(`${passed} of ${tests.length} tests passed`);
  }
  return passed === tests.length ? 0 : 1;
}

function isExpected(
  detail: Detail<JsonValue>,
  expected: Json,
  type: "labels" | "text" | "json",
): boolean {
  if (detail.abstained || (expected === null && type !== "json")) {
    return detail.abstained && show(detail.output) === show(expected);
  }
  return detail.text === outputText(expected, { type } as Parameters<typeof outputText>[1]);
}

const show = (value: Json) => JSON.stringify(value);
