import { FuzzError, parseJson } from "@fuzzc/program";
import type { Line } from "./read-lines.ts";

/**
 * The input in a line of JSON: a string, or an object with `input` (anything but a string stands for its JSON text).
 * @returns the line with the input as its text, or with the error.
 */
export function parseJsonLine(line: Line): Line {
  if ("error" in line) {
    return line;
  }
  const { number, text } = line;
  try {
    const value = parseJson(text, `Line ${number}`);
    const isRecord = typeof value === "object" && value !== null && !Array.isArray(value);
    const input = isRecord ? value.input : typeof value === "string" ? value : undefined;
    if (input === undefined) {
      throw new FuzzError(`Line ${number} is neither a JSON string nor an object with "input"`, {
        code: "FUZZ_INPUT_INVALID",
        hint: 'Write each line as "text" or {"input": "text"}.',
      });
    }
    return { number, text: typeof input === "string" ? input : JSON.stringify(input) };
  } catch (error) {
    if (!FuzzError.isInstance(error)) {
      throw error;
    }
    return { number, error };
  }
}
