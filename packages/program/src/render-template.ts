import { FuzzError } from "./errors.ts";
import {
  type PromptParts,
  promptSegments,
  type Segment,
  suffixSegments,
} from "./prompt-segments.ts";

/** Where the input goes in the prompt template of a `.paw`. */
export const inputPlaceholder = "{INPUT_PLACEHOLDER}";

/**
 * The whole prompt as text, with `{INPUT_PLACEHOLDER}` for the input: `prompt_template.txt`.
 * @throws FuzzError FUZZ_PLACEHOLDER_RESERVED when the task or an example holds the placeholder itself.
 */
export function renderTemplate(parts: PromptParts): string {
  const template =
    segmentsText(promptSegments(parts)) +
    inputPlaceholder +
    segmentsText(suffixSegments(parts.plain));
  if (template.split(inputPlaceholder).length !== 2) {
    throw new FuzzError(`The spec or an example holds the text ${inputPlaceholder}`, {
      code: "FUZZ_PLACEHOLDER_RESERVED",
      hint: "It marks the place of the input in the prompt; write it in another way.",
    });
  }
  return template;
}

/**
 * The text before and after the input.
 * @throws FuzzError FUZZ_TEMPLATE_INVALID unless the placeholder stands in it exactly once.
 */
export function splitTemplate(template: string): { prefix: string; suffix: string } {
  const parts = template.split(inputPlaceholder);
  const [prefix, suffix] = parts;
  if (parts.length !== 2 || prefix === undefined || suffix === undefined) {
    throw new FuzzError(
      `The prompt template holds ${inputPlaceholder} ${parts.length - 1} times, not once`,
      { code: "FUZZ_TEMPLATE_INVALID", hint: "Get the program again from where it came from." },
    );
  }
  return { prefix, suffix };
}

/** The text part of a program, for people: `pseudo_program.txt`. */
export function renderPseudoProgram({ task, examples }: PromptParts): string {
  const shown = examples.map(({ input, output }) => `Input: ${input}\nOutput: ${output}`);
  return `${[task, ...shown].join("\n\n")}\n`;
}

function segmentsText(segments: readonly Segment[]): string {
  return segments
    .map((segment) => ("special" in segment ? segment.special : segment.text))
    .join("");
}
