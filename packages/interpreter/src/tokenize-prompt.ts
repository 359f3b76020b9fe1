import type { Model } from "@fuzzc/llama";
import {
  FuzzError,
  formatTask,
  type Program,
  promptSegments,
  type Segment,
  splitTemplate,
  suffixSegments,
} from "@fuzzc/program";

/** A program's prompt, all but the input, as tokens. */
export interface PromptTokens {
  prefix: Int32Array;
  /** Follows the input; never empty. */
  suffix: Int32Array;
}

/**
 * The tokens around the input. Of an official program the template is trusted to hold special tokens as text, because
 * it has nothing else to say where they go; an input never is.
 * @throws FuzzError FUZZ_UNKNOWN_TOKEN, FUZZ_TEMPLATE_INVALID, FUZZ_TEMPLATE_EMPTY
 */
export function tokenizePrompt(model: Model, program: Program): PromptTokens {
  if (program.meta.format === "official") {
    const { prefix, suffix } = splitTemplate(program.promptTemplate);
    return withSuffix(
      model.tokenize(prefix, { special: true }),
      model.tokenize(suffix, { special: true }),
    );
  }
  const { spec, output, examples, prompt_form: plain } = program.meta;
  const prefix = promptSegments({ task: formatTask(spec, output), examples, plain });
  return withSuffix(
    tokenizeSegments(model, prefix),
    tokenizeSegments(model, suffixSegments(plain)),
  );
}

/** Tokens of segments, each tokenised on its own. */
export function tokenizeSegments(model: Model, segments: readonly Segment[]): Int32Array {
  return Int32Array.from(
    segments.flatMap((segment) =>
      "special" in segment
        ? [model.specialToken(segment.special)]
        : [...model.tokenize(segment.text, { special: false })],
    ),
  );
}

/** Something has to be read after each input, even an empty one, to get the first logits from. */
function withSuffix(prefix: Int32Array, suffix: Int32Array): PromptTokens {
  if (suffix.length > 0) {
    return { prefix, suffix };
  }
  throw new FuzzError("The prompt template has nothing after the input", {
    code: "FUZZ_TEMPLATE_EMPTY",
    hint: "End it with the words that the answer follows.",
  });
}
