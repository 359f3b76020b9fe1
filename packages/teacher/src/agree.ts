import { isDeepStrictEqual } from "node:util";
import type { JsonValue } from "@fuzzc/program";

/**
 * Whether two outputs are the same answer. Spaces at the ends and how many in a row don't count, nor the order of an
 * object's keys; every other character does, as it will when the function is measured.
 */
export function agree(first: JsonValue, second: JsonValue): boolean {
  return isDeepStrictEqual(normalise(first), normalise(second));
}

function normalise(value: JsonValue): JsonValue {
  if (typeof value === "string") {
    return value.normalize("NFC").trim().replace(/\s+/g, " ");
  }
  if (Array.isArray(value)) {
    return value.map(normalise);
  }
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, normalise(part)]));
  }
  return value;
}
