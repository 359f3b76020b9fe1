/** JSON as the product writes it: no spaces, and 31.0 is 31. Any other text stays as it is. */
export function compactJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text;
  }
}

/** Exact match; of JSON, whatever way its numbers are written. */
export function isRight(text: string, expected: string | undefined, type: string): boolean {
  return (type === "json" ? compactJson(text) : text) === expected;
}
