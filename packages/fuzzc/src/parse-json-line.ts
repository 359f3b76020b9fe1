import { FuzzError, type FuzzyInput, formatInput, type JsonValue, parseJson } from "@fuzzc/program";
import { asTexts } from "./as-texts.ts";
import type { Line } from "./read-lines.ts";

/** An input of a line, or what is wrong with it. Lines count from 1. */
export type InputLine =
  | { number: number; input: FuzzyInput }
  | { number: number; error: FuzzError };

/**
 * The input in a line of JSON: a string, or an object with `input` (anything but a string stands for its JSON text).
 * Of a function with named inputs, an object with them, by itself or as `input`.
 * @param names of the inputs, from `meta.inputs`; undefined for a function of plain text.
 * @returns the line with its input, or with the error.
 */
export function parseJsonLine(line: Line, names?: readonly string[]): InputLine {
  if ("error" in line) {
    return line;
  }
  const { number, text } = line;
  try {
    const value = parseJson(text, `Line ${number}`);
    return { number, input: names ? readNamed(value, names) : readPlain(value, number) };
  } catch (error) {
    if (!FuzzError.isInstance(error)) {
      throw error;
    }
    return { number, error };
  }
}

function readPlain(value: JsonValue, number: number): string {
  const input = isRecord(value) ? value.input : typeof value === "string" ? value : undefined;
  if (input === undefined) {
    throw new FuzzError(`Line ${number} is neither a JSON string nor an object with "input"`, {
      code: "FUZZ_INPUT_INVALID",
      hint: 'Write each line as "text" or {"input": "text"}.',
    });
  }
  return typeof input === "string" ? input : JSON.stringify(input);
}

function readNamed(value: JsonValue, names: readonly string[]): FuzzyInput {
  const input = asTexts(isRecord(value) && isRecord(value.input) ? value.input : value);
  formatInput(input, names);
  return input as FuzzyInput;
}

function isRecord(value: JsonValue | undefined): value is { [key: string]: JsonValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
