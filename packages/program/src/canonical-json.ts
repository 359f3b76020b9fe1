import type { JsonValue } from "./json-value.ts";

/**
 * JSON text that depends on the value alone: keys sorted, but for what lies below `ordered`.
 * @param ordered path of keys to the one value whose key order means something.
 */
export function canonicalJson(value: unknown, ordered: readonly string[]): string {
  return `${JSON.stringify(sortKeys(value as JsonValue, ordered), null, 2)}\n`;
}

function sortKeys(value: JsonValue, ordered: readonly string[] | undefined): JsonValue {
  if (typeof value !== "object" || value === null || ordered?.length === 0) {
    return value;
  }
  if (Array.isArray(value)) {
    return value.map((item) => sortKeys(item, undefined));
  }
  const keys = Object.keys(value).sort();
  return Object.fromEntries(
    keys.map((key) => [
      key,
      sortKeys(value[key] as JsonValue, ordered?.[0] === key ? ordered.slice(1) : undefined),
    ]),
  );
}
