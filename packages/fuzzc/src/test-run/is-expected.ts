import { isDeepStrictEqual } from "node:util";
import type { JsonValue, OutputType } from "@fuzzc/program";
import type { Detail } from "../fuzzy-function.ts";
import type { Json } from "../output-form.ts";
import { outputText } from "../output-text.ts";

/**
 * Whether an answer is the one that a test expects. `null` stands for any abstention, and for the value null of a JSON
 * function; JSON is compared as values, whatever the order of its keys.
 */
export function isExpected(
  { abstained, output, text }: Pick<Detail<JsonValue>, "abstained" | "output" | "text">,
  expected: Json,
  type: OutputType,
): boolean {
  if (abstained) {
    return expected === null || isDeepStrictEqual(output, expected);
  }
  if (type.type !== "json") {
    // The value of `otherwise`, which may be of any kind, can only be an abstention.
    return expected !== null && typeof expected !== "object" && text === String(expected);
  }
  return isSameJson(text, outputText(expected, type));
}

/** Whether an answer is that of an example, which is kept as the text that the function writes. */
export function isExample(
  { abstained, text }: Pick<Detail<JsonValue>, "abstained" | "text">,
  expected: string,
  { type }: OutputType,
): boolean {
  return !abstained && (type === "json" ? isSameJson(text, expected) : text === expected);
}

function isSameJson(a: string, b: string): boolean {
  return isDeepStrictEqual(JSON.parse(a), JSON.parse(b));
}
