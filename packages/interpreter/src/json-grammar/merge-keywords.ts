import { isDeepStrictEqual } from "node:util";
import type { JsonSchemaObject, JsonValue } from "@fuzzc/program";
import type { JsonSchema } from "./check-schema.ts";
import { unsupportedSchema } from "./schema-error.ts";

/** Joins two values of one keyword. */
type Join = (a: never, b: never) => JsonValue | undefined;

const larger: Join = (a: number, b: number) => Math.max(a, b);
const smaller: Join = (a: number, b: number) => Math.min(a, b);

const joins: Record<string, Join> = {
  enum: (a: JsonValue[], b: JsonValue[]) =>
    a.filter((value) => b.some((other) => isDeepStrictEqual(value, other))),
  exclusiveMaximum: smaller,
  exclusiveMinimum: larger,
  items: (a: JsonSchema, b: JsonSchema) => allOf(a, b),
  maxItems: smaller,
  maxLength: smaller,
  maximum: smaller,
  minItems: larger,
  minLength: larger,
  minimum: larger,
  required: (a: string[], b: string[]) => [...new Set([...a, ...b])],
  type: (a: string[], b: string[]) => intersectTypes(a, b),
  additionalProperties: (a: JsonSchema, b: JsonSchema) => allOf(a, b),
};

/**
 * The keywords of a schema that holds where two schemas hold.
 * `type` and `enum` are lists; either may come out empty, when no value is left.
 * @throws FuzzError FUZZ_SCHEMA_UNSUPPORTED when both have a keyword whose two values can't be made one.
 */
export function mergeKeywords(
  a: JsonSchemaObject,
  b: JsonSchemaObject,
  pointer: string,
): JsonSchemaObject {
  const merged: JsonSchemaObject = { ...a };
  for (const [keyword, value] of Object.entries(b)) {
    const present = a[keyword];
    if (present === undefined || isDeepStrictEqual(present, value)) {
      merged[keyword] = value;
      continue;
    }
    if (keyword === "properties") {
      continue;
    }
    const joined = joins[keyword]?.(present as never, value as never);
    if (joined === undefined) {
      throw unsupportedSchema(pointer, keyword, "two different values of it can't be joined");
    }
    merged[keyword] = joined;
  }
  if (
    (a.prefixItems !== undefined) !== (b.prefixItems !== undefined) &&
    (a.items ?? b.items) !== undefined
  ) {
    throw unsupportedSchema(
      pointer,
      "prefixItems",
      "it can't be joined with items of another schema",
    );
  }
  if (a.properties !== undefined || b.properties !== undefined) {
    merged.properties = mergeProperties(a, b);
  }
  return merged;
}

function mergeProperties(a: JsonSchemaObject, b: JsonSchemaObject): JsonSchemaObject {
  const ofA = (a.properties ?? {}) as JsonSchemaObject;
  const ofB = (b.properties ?? {}) as JsonSchemaObject;
  const merged: [string, JsonValue][] = [];
  for (const name of new Set([...Object.keys(ofA), ...Object.keys(ofB)])) {
    // What one schema does not name falls under its additionalProperties.
    const fromA = Object.hasOwn(ofA, name) ? ofA[name] : a.additionalProperties;
    const fromB = Object.hasOwn(ofB, name) ? ofB[name] : b.additionalProperties;
    merged.push([name, allOf((fromA ?? true) as JsonSchema, (fromB ?? true) as JsonSchema)]);
  }
  return Object.fromEntries(merged);
}

function allOf(a: JsonSchema, b: JsonSchema): JsonSchema {
  if (a === true || b === false) {
    return b;
  }
  return b === true || a === false || isDeepStrictEqual(a, b) ? a : { allOf: [a, b] };
}

/** Types that are in both lists; an integer is a number. */
export function intersectTypes(a: readonly string[], b: readonly string[]): string[] {
  const has = (types: readonly string[], type: string) =>
    types.includes(type) || (type === "integer" && types.includes("number"));
  return [...new Set([...a, ...b])].filter((type) => has(a, type) && has(b, type));
}
