import { formatTask } from "@fuzzc/program";
import type { PairsRequest } from "./pairs-request.ts";

// Enough to show the manner; more would cost tokens in every question.
const maxShown = 16;
const maxShownCharacters = 6_000;

/** What every question says of the function: its spec, its form, the user's examples. */
export function describeFunction(request: PairsRequest): string {
  const { spec, output, inputs } = request;
  const parts = [`<function>\n${formatTask(spec, output)}\n</function>`];
  if (output.type === "json" && output.schema !== undefined) {
    parts.push(`JSON Schema of its output: ${JSON.stringify(output.schema)}`);
  }
  if (inputs !== undefined) {
    const texts = inputs.map((name) => JSON.stringify(name)).join(", ");
    parts.push(`Its input is an object with the texts ${texts}.`);
  }
  const shown = listShown(request);
  if (shown.length > 0) {
    parts.push(`Examples that are right:\n${shown.join("\n")}`);
  }
  return parts.join("\n\n");
}

/** The examples that a question shows, a line of JSON each. */
function listShown({ examples, output }: PairsRequest): string[] {
  const lines: string[] = [];
  let characters = 0;
  for (const example of examples.slice(0, maxShown)) {
    const value = output.type === "json" ? example.output : JSON.stringify(example.output);
    const line = `{"input":${JSON.stringify(example.input)},"output":${value}}`;
    characters += line.length;
    if (characters > maxShownCharacters) {
      break;
    }
    lines.push(line);
  }
  return lines;
}
