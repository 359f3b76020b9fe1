import { FuzzError, type OutputType } from "@fuzzc/program";
import type { Json } from "./output-form.ts";

/**
 * An output as the text that the model writes: a label or text as it is, JSON without spaces.
 * For a JSON function, a string that holds a JSON object or array stands for that value.
 * @throws FuzzError FUZZ_OUTPUT_INVALID for a value that a function of this type can't give.
 */
export function outputText(value: Json, output: OutputType): string {
  if (output.type === "json") {
    return JSON.stringify(typeof value === "string" ? unwrapJson(value) : value);
  }
  if (typeof value === "object") {
    throw new FuzzError(
      `The output ${JSON.stringify(value)} is not ${output.type === "labels" ? "a label" : "text"}`,
      {
        code: "FUZZ_OUTPUT_INVALID",
        hint: 'Write a string here, or declare the output as "json".',
      },
    );
  }
  return String(value);
}

function unwrapJson(text: string): Json {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Json) : text;
  } catch {
    return text;
  }
}
