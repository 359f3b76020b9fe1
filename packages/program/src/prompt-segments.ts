import type { Example } from "./output-type.ts";

/** What a prefix is made of. */
export interface PromptParts {
  /** The task text, from `formatTask`. */
  task: string;
  /** The examples shown before the input, in this order. */
  examples: readonly Example[];
}

/**
 * A piece of the prompt "chat-1": a special token, or text.
 * Each text is tokenised as one piece and with special tokens off, so that none can arise from it.
 */
export type Segment = { special: "<|im_start|>" | "<|im_end|>" } | { text: string };

const start: Segment = { special: "<|im_start|>" };
const end: Segment = { special: "<|im_end|>" };
const newline: Segment = { text: "\n" };

/** The prefix of the prompt "chat-1" (ChatML without BOS): everything before the input. */
export function promptSegments({ task, examples }: PromptParts): Segment[] {
  return [
    ...turn("system", task),
    ...examples.flatMap(({ input, output }) => [
      ...turn("user", input),
      ...turn("assistant", output),
    ]),
    start,
    { text: "user\n" },
  ];
}

/** What follows the input; then the model writes the output and ends it with `<|im_end|>`. */
export const suffixSegments: readonly Segment[] = [end, newline, start, { text: "assistant\n" }];

function turn(role: string, text: string): Segment[] {
  return [start, { text: `${role}\n${text}` }, end, newline];
}
