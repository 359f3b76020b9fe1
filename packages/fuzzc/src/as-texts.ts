import type { JsonValue } from "@fuzzc/program";

/** Named inputs out of JSON: a value that is not text stands for its JSON text. What is no object stays as it is. */
export function asTexts(input: JsonValue | undefined): unknown {
  if (typeof input !== "object" || input === null || Array.isArray(input)) {
    return input;
  }
  const texts = Object.entries(input).map(([name, value]) => {
    return [name, typeof value === "string" ? value : JSON.stringify(value)];
  });
  return Object.fromEntries(texts);
}
