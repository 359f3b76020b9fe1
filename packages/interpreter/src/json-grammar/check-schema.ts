import type { JsonSchemaObject, JsonValue } from "@fuzzc/program";
import { invalidSchema, pointerTo, unsupportedSchema } from "./schema-error.ts";

/** A schema or its two constants: true allows everything, false nothing. */
export type JsonSchema = JsonSchemaObject | boolean;

// A schema may come out of someone else's program; these keep it from filling memory or stack.
const maxSchemas = 2_000;
const maxDepth = 64;
const maxListLength = 4_096;
const maxCount = 4_096;

const typeNames = ["null", "boolean", "integer", "number", "string", "array", "object"];
const annotations = new Set([
  "$comment",
  "$schema",
  "default",
  "deprecated",
  "description",
  "examples",
  "readOnly",
  "title",
  "writeOnly",
]);

const isCount = (value: JsonValue) => Number.isInteger(value) && (value as number) >= 0;
const isNumber = (value: JsonValue) => typeof value === "number" && Number.isFinite(value);
const isText = (value: JsonValue) => typeof value === "string";
const isTextList = (value: JsonValue) => Array.isArray(value) && value.every(isText);
const isList = (value: JsonValue) =>
  Array.isArray(value) && value.length > 0 && value.length <= maxListLength;
const isMap = (value: JsonValue) =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isSchema = (value: JsonValue) => typeof value === "boolean" || isMap(value);
const isType = (value: JsonValue) => typeof value === "string" && typeNames.includes(value);

/** Every keyword that is understood, with what its value must be. */
const keywords: Record<string, [test: (value: JsonValue) => boolean, expected: string]> = {
  $defs: [isMap, "an object of schemas"],
  $ref: [isText, "a text"],
  additionalProperties: [isSchema, "a schema"],
  allOf: [isList, "a list of schemas"],
  anyOf: [isList, "a list of schemas"],
  const: [() => true, "a value"],
  definitions: [isMap, "an object of schemas"],
  enum: [isList, `a list of 1 to ${maxListLength} values`],
  exclusiveMaximum: [isNumber, "a number"],
  exclusiveMinimum: [isNumber, "a number"],
  format: [isText, "a text"],
  items: [isSchema, "a schema (for a list of schemas use prefixItems)"],
  maxItems: [isCount, "a count"],
  maxLength: [isCount, "a count"],
  maximum: [isNumber, "a number"],
  minItems: [isCount, "a count"],
  minLength: [isCount, "a count"],
  minimum: [isNumber, "a number"],
  multipleOf: [(value) => isNumber(value) && (value as number) > 0, "a number above 0"],
  oneOf: [isList, "a list of schemas"],
  pattern: [isText, "a regular expression"],
  prefixItems: [isList, "a list of schemas"],
  properties: [isMap, "an object of schemas"],
  required: [isTextList, "a list of names"],
  type: [
    (value) => isType(value) || (Array.isArray(value) && value.length > 0 && value.every(isType)),
    `one or some of ${typeNames.join(", ")}`,
  ],
  uniqueItems: [(value) => typeof value === "boolean", "true or false"],
};
const lists = ["allOf", "anyOf", "oneOf", "prefixItems"];
const maps = ["$defs", "definitions", "properties"];
const singles = ["additionalProperties", "items"];
const minimums = ["minItems", "minLength"];

/**
 * Checks that every keyword of a schema is understood and has a value of the right kind, and gives the schema back
 * without its annotations, so that nothing unchecked is left in it.
 * @throws FuzzError FUZZ_SCHEMA_INVALID, FUZZ_SCHEMA_UNSUPPORTED, both with the JSON pointer
 */
export function checkSchema(root: JsonSchema): JsonSchema {
  let count = 0;
  const check = (schema: JsonValue, pointer: string, depth: number): JsonSchema => {
    count++;
    if (count > maxSchemas || depth > maxDepth) {
      throw invalidSchema(pointer, `it has more than ${maxSchemas} parts or ${maxDepth} levels`);
    }
    if (typeof schema === "boolean") {
      return schema;
    }
    if (!isMap(schema)) {
      throw invalidSchema(pointer, "a schema is an object, true or false");
    }
    const checked: [string, JsonValue][] = [];
    for (const [keyword, value] of Object.entries(schema as JsonSchemaObject)) {
      if (annotations.has(keyword) || (keyword === "$id" && depth === 0)) {
        continue;
      }
      checkKeyword(keyword, value, pointer);
      const inner = (part: JsonValue, ...keys: (string | number)[]) =>
        check(part, pointerTo(pointer, keyword, ...keys), depth + 1);
      if (lists.includes(keyword)) {
        checked.push([keyword, (value as JsonValue[]).map((part, index) => inner(part, index))]);
      } else if (maps.includes(keyword)) {
        const parts = Object.entries(value as JsonSchemaObject);
        checked.push([
          keyword,
          Object.fromEntries(parts.map(([key, part]) => [key, inner(part, key)])),
        ]);
      } else {
        checked.push([keyword, singles.includes(keyword) ? inner(value) : value]);
      }
    }
    return Object.fromEntries(checked);
  };
  return check(root, "", 0);
}

function checkKeyword(keyword: string, value: JsonValue, pointer: string): void {
  const known = Object.hasOwn(keywords, keyword) ? keywords[keyword] : undefined;
  if (known === undefined) {
    throw unsupportedSchema(pointer, keyword, "it is not supported");
  }
  const [test, expected] = known;
  if (!test(value)) {
    throw invalidSchema(pointerTo(pointer, keyword), `it must be ${expected}`);
  }
  if (keyword === "uniqueItems" && value === true) {
    throw unsupportedSchema(pointer, keyword, "a decoder can't look back over the items");
  }
  if (minimums.includes(keyword) && (value as number) > maxCount) {
    throw unsupportedSchema(pointer, keyword, `more than ${maxCount} are never produced`);
  }
}
