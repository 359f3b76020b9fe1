import { describeLabel } from "@fuzzc/compiler";
import type { EncoderInterpreter, Interpreter } from "@fuzzc/interpreter";
import {
  formatTask,
  type Program,
  promptBlocks,
  type Segment,
  splitTemplate,
  suffixSegments,
} from "@fuzzc/program";

/** A part of what the model reads, as it stands, with its tokens. */
export interface PromptPart {
  part: string;
  tokens: number;
  text: string;
}

type Model = Pick<Interpreter["model"], "tokenize" | "specialToken">;

/** The prompt of a program on the language model: the task, its examples, and the input with what frames it. */
export function listPromptParts(model: Model, program: Program, input: string): PromptPart[] {
  const { spec, output, examples, format, prompt_form: plain } = program.meta;
  if (format === "official") {
    const { prefix, suffix } = splitTemplate(program.promptTemplate);
    const count = (text: string) => model.tokenize(text, { special: true }).length;
    return [
      { part: "before the input", tokens: count(prefix), text: prefix },
      { part: "input", tokens: countTokens(model, { text: input }), text: input },
      { part: "after the input", tokens: count(suffix), text: suffix },
    ];
  }
  const describe = (part: string, segments: readonly Segment[]): PromptPart => ({
    part,
    tokens: segments.reduce((sum, segment) => sum + countTokens(model, segment), 0),
    text: segments.map(segmentText).join(""),
  });
  const [task = [], ...shown] = promptBlocks({ task: formatTask(spec, output), examples, plain });
  const opening = shown.pop() ?? [];
  return [
    describe("task", task),
    ...shown.map((example, index) => describe(`example ${index + 1}`, example)),
    describe("input", [...opening, { text: input }, ...suffixSegments(plain)]),
  ];
}

/** What the sentence encoder read of each label when the program was made, and what it reads of the input. */
export function listLabelParts(
  { encoder }: Pick<EncoderInterpreter, "encoder">,
  { meta }: Program,
  input: string,
): PromptPart[] {
  const { labels } = meta.output as Extract<typeof meta.output, { type: "labels" }>;
  const describe = (part: string, text: string) => ({
    part,
    tokens: encoder.tokenize(text).length,
    text,
  });
  return [
    ...labels.map((label) => describe(`label ${label}`, describeLabel(meta.spec, label, labels))),
    describe("input", input),
  ];
}

function countTokens(model: Model, segment: Segment): number {
  return "special" in segment ? 1 : model.tokenize(segment.text, { special: false }).length;
}

function segmentText(segment: Segment): string {
  return "special" in segment ? segment.special : segment.text;
}
