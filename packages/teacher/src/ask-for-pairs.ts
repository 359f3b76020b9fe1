import type { Example, JsonSchemaObject } from "@fuzzc/program";
import { describeFunction } from "./describe-function.ts";
import { outputSchema } from "./output-schema.ts";
import { limitCharacters, type PairsRequest } from "./pairs-request.ts";
import type { Question } from "./teacher.ts";

/** Part of the journal's key: raise it whenever the wording of a question changes. */
export const wordingVersion = 1;

const instructions = [
  "You write examples of a function that turns an input into an output.",
  "The text in <function> says what it does and is the only authority.",
  "Each output must be exactly what the function gives, in its form, with nothing added: someone who knows only that text must come to the same output.",
  "Write inputs as its users would, complete and ready to use, without placeholders, numbering or comments.",
  "Leave out an input that the text does not decide.",
].join(" ");

/** What kind of inputs a question asks for. Each round asks in all of them in turn. */
const styles = [
  "Write ordinary inputs, as varied as real use is: differ in subject, length, tone and wording, and use concrete names, numbers and details.",
  "Write hard inputs: their output follows from the text, but a careless reader would give another one. Use misleading words, irrelevant detail, negation, several things at once.",
  "Write edge cases: the shortest and the longest inputs that make sense, odd spelling, spacing, case and punctuation, unusual numbers, formats and characters.",
  "Write near misses: sets of two inputs that differ in a word or a character and have different outputs.",
];

// What exists already is named so that it is not written again; older inputs are dropped first.
const maxNamed = 24;
const maxNamedCharacters = 120;
// Of so many labels one can't say in a line which are rare.
const maxBalancedLabels = 40;

export interface PairsQuestion {
  request: PairsRequest;
  /** The user's examples and all pairs kept so far. */
  kept: readonly Example[];
  /** Inputs that were written already, those of pairs that were not kept included. */
  written: readonly string[];
  /** Counts questions from 0; picks the style, and makes each question another one. */
  number: number;
  /** How many pairs it asks for. */
  count: number;
}

/** The question for new pairs. The same arguments give the same text. */
export function askForPairs({ request, kept, written, number, count }: PairsQuestion): Question {
  const { schema, definitions } = outputSchema(request.output);
  const parts = [describeFunction(request), styles[number % styles.length] as string];
  const named = written
    .slice(-maxNamed)
    .map((input) => JSON.stringify(input.slice(0, maxNamedCharacters)));
  if (named.length > 0) {
    parts.push(`These inputs exist already; write others:\n${named.join("\n")}`);
  }
  const rare = listRareLabels(request, kept);
  if (rare.length > 0) {
    parts.push(`Examples with these outputs are rare so far, so write mostly such: ${rare}`);
  }
  parts.push(
    `This is set ${number + 1}. Write ${count} new examples, each input of at most ${limitCharacters(request).input} characters. Answer with nothing but JSON of this form: {"items":[{"input":…,"output":…}]}`,
  );
  const item = {
    type: "object",
    properties: { input: inputSchema(request), output: schema },
    required: ["input", "output"],
    additionalProperties: false,
  };
  return { instructions, text: parts.join("\n\n"), item, definitions, count };
}

function inputSchema({ inputs }: PairsRequest): JsonSchemaObject {
  if (inputs === undefined) {
    return { type: "string" };
  }
  return {
    type: "object",
    properties: Object.fromEntries(inputs.map((name) => [name, { type: "string" }])),
    required: [...inputs],
    additionalProperties: false,
  };
}

/** Labels with fewer examples than the average. */
function listRareLabels({ output }: PairsRequest, kept: readonly Example[]): string {
  if (output.type !== "labels" || output.labels.length > maxBalancedLabels) {
    return "";
  }
  const counts = new Map(output.labels.map((label) => [label, 0]));
  for (const { output: label } of kept) {
    counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  const mean = kept.length / output.labels.length;
  const rare = output.labels.filter((label) => (counts.get(label) as number) < mean);
  return rare.map((label) => JSON.stringify(label)).join(", ");
}
