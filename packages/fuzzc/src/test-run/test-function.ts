import type { FuzzyInput, JsonValue } from "@fuzzc/program";
import type { Detail, FuzzyFunction } from "../fuzzy-function.ts";
import { type Json, toOutputType } from "../output-form.ts";
import { isExample, isExpected } from "./is-expected.ts";
import type { CaseOutcome, FunctionOutcome, TestedFunction } from "./outcome.ts";

interface Case {
  kind: CaseOutcome["kind"];
  input: FuzzyInput;
  expected: Json;
  isRight: (detail: Detail<JsonValue>) => boolean;
}

export interface TestOptions {
  /** Goes before that of the file. */
  requiredScore?: number | undefined;
  signal: AbortSignal;
  onProgress: (done: number, of: number) => void;
}

/**
 * Asks a function its tests and its examples, all as one batch. What can't be answered did not pass.
 * @param answer the function itself, which the caller disposes of
 */
export async function testFunction(
  { file, ...one }: TestedFunction,
  answer: FuzzyFunction<JsonValue, FuzzyInput>,
  { requiredScore = file.requiredScore ?? 1, signal, onProgress }: TestOptions,
): Promise<FunctionOutcome> {
  const type = toOutputType(file.output);
  const cases: Case[] = [
    ...file.tests.map(({ input, output }) => ({
      kind: "test" as const,
      input,
      expected: output,
      isRight: (detail: Detail<JsonValue>) => isExpected(detail, output, type),
    })),
    ...file.examples.map(({ input, output }) => ({
      kind: "example" as const,
      input,
      expected: type.type === "json" ? (JSON.parse(output) as Json) : output,
      isRight: (detail: Detail<JsonValue>) => isExample(detail, output, type),
    })),
  ];
  const outcomes: CaseOutcome[] = [];
  const inputs = cases.map(({ input }) => input);
  for await (const settled of answer.mapSettled(inputs, { signal })) {
    signal.throwIfAborted();
    const { isRight, ...asked } = cases[outcomes.length] as Case;
    outcomes.push(
      settled.status === "rejected"
        ? { ...asked, passed: false, error: settled.reason }
        : { ...asked, passed: isRight(settled.value), detail: settled.value },
    );
    onProgress(outcomes.length, cases.length);
  }
  const tests = outcomes.filter(({ kind }) => kind === "test");
  const examples = outcomes.filter(({ kind }) => kind === "example");
  const needed = requiredScore * tests.length;
  const passed = tests.filter((test) => test.passed).length;
  // A product such as 0.7 * 10 may be a last bit too large.
  return { ...one, tests, examples, requiredScore, passed: passed >= needed - 1e-9 };
}
