import { isDeepStrictEqual } from "node:util";
import type { FuzzyInput, JsonValue, Program } from "@fuzzc/program";
import type { FuzzyFunction } from "../fuzzy-function.ts";
import { renderError } from "../render-error.ts";
import { splitInput } from "./split-input.ts";

/** What one program gave: an output with its probability, or an error. */
export type Given =
  | { output: JsonValue; probability: number; abstained: boolean }
  | { error: string };

/** What two programs answered to the same inputs. */
export interface AnswersDiff {
  /** Where the inputs are from. */
  from: "file" | "examples";
  inputs: number;
  agree: number;
  differing: { input: FuzzyInput; a: Given; b: Given }[];
}

type Answering = Pick<FuzzyFunction<JsonValue, FuzzyInput>, "mapSettled">;

/** Asks both programs all inputs. They agree where they give the same output, or both abstain with it. */
export async function compareAnswers(
  a: Answering,
  b: Answering,
  inputs: readonly FuzzyInput[],
  { from, signal }: { from: AnswersDiff["from"]; signal: AbortSignal },
): Promise<AnswersDiff> {
  const left = await answerAll(a, inputs, signal);
  const right = await answerAll(b, inputs, signal);
  const differing = inputs.flatMap((input, index) => {
    const [one, other] = [left[index] as Given, right[index] as Given];
    return agree(one, other) ? [] : [{ input, a: one, b: other }];
  });
  return { from, inputs: inputs.length, agree: inputs.length - differing.length, differing };
}

/** The examples in the prompts of both, each once. */
export function exampleInputs(a: Program, b: Program): FuzzyInput[] {
  const texts = [a, b].flatMap(({ meta }) => meta.examples.map(({ input }) => input));
  return [...new Set(texts)]
    .map((text) => splitInput(text, a.meta.inputs))
    .filter((input) => input !== undefined);
}

async function answerAll(
  { mapSettled }: Answering,
  inputs: readonly FuzzyInput[],
  signal: AbortSignal,
): Promise<Given[]> {
  const answers: Given[] = [];
  for await (const settled of mapSettled(inputs, { signal })) {
    signal.throwIfAborted();
    if (settled.status === "rejected") {
      answers.push({ error: renderError(settled.reason).message });
    } else {
      const { output, probability, abstained } = settled.value;
      answers.push({ output, probability, abstained });
    }
  }
  return answers;
}

function agree(a: Given, b: Given): boolean {
  if ("error" in a || "error" in b) {
    return false;
  }
  return a.abstained === b.abstained && isDeepStrictEqual(a.output, b.output);
}
