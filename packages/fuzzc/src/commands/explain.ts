import { FuzzError, type FuzzyInput } from "@fuzzc/program";
import { describeExplanation } from "../explain/describe-explanation.ts";
import { explainInput } from "../explain/explain-input.ts";
import { toRequest } from "../fuzzy.ts";
import { findTarget, openTarget } from "../open-target.ts";
import type { OutputForm } from "../output-form.ts";
import { openOptions, type Session, type SharedFlags } from "./session.ts";

export interface ExplainFlags extends SharedFlags {
  output?: OutputForm;
  /** The input by its names. */
  set?: Record<string, string>;
}

/** `fuzzc explain`: answers one input, and says what the answer came from. */
export async function explainAnswer(
  session: Session,
  word: string,
  text: string | undefined,
  flags: ExplainFlags,
): Promise<number> {
  const input = onlyInput(text, flags.set);
  const { terminal, signal } = session;
  const options = openOptions(session, flags);
  const target = await findTarget(word, flags.output);
  await using answer = await openTarget(target, options);
  const examples =
    target.kind === "source"
      ? (toRequest(target.source).examples ?? [])
      : answer.program.meta.examples;
  const explanation = await explainInput(answer, input, { ...options, examples, signal });
  await terminal.print(flags.json ? JSON.stringify(explanation) : describeExplanation(explanation));
  return 0;
}

/** @throws FuzzError FUZZ_OPTION_INVALID unless there is one input */
function onlyInput(text: string | undefined, set: ExplainFlags["set"]): FuzzyInput {
  const input = set ?? text;
  if (input === undefined || (set !== undefined && text !== undefined)) {
    const trouble = input === undefined ? "is missing" : "is given both as a word and by --set";
    throw new FuzzError(`The input ${trouble}`, {
      code: "FUZZ_OPTION_INVALID",
      hint: "Give one text in quotes, or --set NAME=TEXT for each of its names.",
    });
  }
  return input;
}
