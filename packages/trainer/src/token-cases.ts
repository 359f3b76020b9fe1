import type { Model } from "@fuzzc/llama";
import {
  type Example,
  endMark,
  type PlainPrompt,
  type PromptParts,
  promptSegments,
  type Segment,
  suffixSegments,
} from "@fuzzc/program";

/** One example as tokens. */
export interface TokenCase {
  /** Input and answer without the answer's last token: what the model reads after the prefix. */
  branch: Int32Array;
  /** The answer and the end mark: what it should say. */
  answer: Int32Array;
  /** Where in the branch stands the token after which the answer begins. */
  start: number;
}

/** All that is said before an input. */
export function tokenizePrefix(model: Model, parts: PromptParts): Int32Array {
  return tokenizeSegments(model, promptSegments(parts));
}

/** An example as it follows a prefix. @param plain as the prefix has it. */
export function tokenizeCase(
  model: Model,
  { input, output }: Example,
  plain?: PlainPrompt,
): TokenCase {
  const head = [
    ...model.tokenize(input, { special: false }),
    ...tokenizeSegments(model, suffixSegments(plain)),
  ];
  const end = model.specialToken(endMark(plain));
  const answer = Int32Array.of(...model.tokenize(output, { special: false }), end);
  return {
    branch: Int32Array.of(...head, ...answer.subarray(0, -1)),
    answer,
    start: head.length - 1,
  };
}

function tokenizeSegments(model: Model, segments: readonly Segment[]): Int32Array {
  const pieces = segments.map((segment) =>
    "special" in segment
      ? [model.specialToken(segment.special)]
      : [...model.tokenize(segment.text, { special: false })],
  );
  return Int32Array.from(pieces.flat());
}
