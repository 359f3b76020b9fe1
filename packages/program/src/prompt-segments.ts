import type { Example } from "./output-type.ts";
import type { PlainPrompt } from "./plain-prompt.ts";

/** What a prefix is made of. */
export interface PromptParts {
  /** The task text, from `formatTask`. */
  task: string;
  /** The examples shown before the input, in this order. */
  examples: readonly Example[];
  /** For a base model without ChatML's tokens; left out, the prompt is "chat-1". */
  plain?: PlainPrompt | undefined;
}

/**
 * A piece of a prompt: a special token, or text.
 * Each text is tokenised as one piece and with special tokens off, so that none can arise from it.
 */
export type Segment = { special: string } | { text: string };

const start: Segment = { special: "<|im_start|>" };
const end: Segment = { special: "<|im_end|>" };
const newline: Segment = { text: "\n" };

/**
 * The prefix of a prompt: everything before the input.
 * - "chat-1": ChatML without BOS, the task as the system turn, an example as a pair of turns;
 * - "plain-1": headings in plain text. Its texts are pieces of their own in examples too, as they are around the input.
 */
export function promptSegments(parts: PromptParts): Segment[] {
  return promptBlocks(parts).flat();
}

/** The same in blocks: the task, each example, and what opens the input. */
export function promptBlocks({ task, examples, plain }: PromptParts): Segment[][] {
  if (plain !== undefined) {
    return [
      [
        ...(plain.begin === undefined ? [] : [{ special: plain.begin }]),
        { text: `### Task\n${task}\n\n` },
      ],
      ...examples.map(({ input, output }) => [
        inputHeading,
        { text: input },
        outputHeading,
        { text: output },
        { special: plain.end },
        { text: "\n\n" },
      ]),
      [inputHeading],
    ];
  }
  return [
    turn("system", task),
    ...examples.map(({ input, output }) => [...turn("user", input), ...turn("assistant", output)]),
    [start, { text: "user\n" }],
  ];
}

/** What follows the input; then the model writes the output and ends it with `endMark`. */
export function suffixSegments(plain?: PlainPrompt): Segment[] {
  return plain === undefined ? [end, newline, start, { text: "assistant\n" }] : [outputHeading];
}

/** The special token that ends an output. */
export function endMark(plain?: PlainPrompt): string {
  return plain?.end ?? "<|im_end|>";
}

const inputHeading: Segment = { text: "### Input\n" };
const outputHeading: Segment = { text: "\n\n### Output\n" };

function turn(role: string, text: string): Segment[] {
  return [start, { text: `${role}\n${text}` }, end, newline];
}
