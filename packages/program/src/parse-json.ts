import { FuzzError } from "./errors.ts";
import type { JsonValue } from "./json-value.ts";

// Deeper values would overflow the stack of whatever walks them next.
const maxDepth = 64;
// A text this long is not a manifest or a program's meta.json.
const maxCharacters = 8 * 1024 ** 2;

/**
 * The one entry for JSON from outside.
 * @param what names the text in the error, "meta.json" for example.
 * @throws FuzzError FUZZ_JSON_INVALID for text that is not JSON, too long, too deep, or has a key `__proto__`.
 */
export function parseJson(text: string, what: string): JsonValue {
  if (text.length > maxCharacters) {
    throw invalid(what, `has ${text.length} characters; the limit is ${maxCharacters}`);
  }
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch (cause) {
    throw invalid(what, "is not JSON", cause);
  }
  checkNesting(value, what);
  return value;
}

function checkNesting(root: JsonValue, what: string): void {
  let level: JsonValue[] = [root];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > maxDepth) {
      throw invalid(what, `is nested deeper than ${maxDepth}`);
    }
    const next: JsonValue[] = [];
    for (const value of level) {
      if (typeof value === "object" && value !== null) {
        if (Object.hasOwn(value, "__proto__")) {
          throw invalid(what, "has a key __proto__");
        }
        for (const child of Object.values(value)) {
          if (typeof child === "object" && child !== null) {
            next.push(child);
          }
        }
      }
    }
    level = next;
  }
}

function invalid(what: string, trouble: string, cause?: unknown): FuzzError {
  return new FuzzError(`${what} ${trouble}`, { code: "FUZZ_JSON_INVALID", cause });
}
