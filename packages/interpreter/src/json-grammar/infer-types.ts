import type { JsonSchemaObject, JsonValue } from "@fuzzc/program";

const keywordTypes: Record<string, string> = {
  additionalProperties: "object",
  exclusiveMaximum: "number",
  exclusiveMinimum: "number",
  format: "string",
  items: "array",
  maxItems: "array",
  maxLength: "string",
  maximum: "number",
  minItems: "array",
  minLength: "string",
  minimum: "number",
  multipleOf: "number",
  pattern: "string",
  prefixItems: "array",
  properties: "object",
  required: "object",
};

export const allTypes = ["object", "array", "string", "number", "boolean", "null"];

/**
 * The types that a schema produces. Without `type` JSON Schema allows every type and lets `properties` speak only of
 * objects; what its writer means is an object, so its keywords decide, and without any of them all types are left.
 */
export function inferTypes({ type, ...keywords }: JsonSchemaObject): string[] {
  if (type !== undefined) {
    const types = type as string[];
    return types.includes("number") ? types.filter((one) => one !== "integer") : types;
  }
  const implied = Object.keys(keywords).map((keyword) => keywordTypes[keyword]);
  const types = [...new Set(implied.filter((one) => one !== undefined))];
  return types.length === 0 ? allTypes : types;
}

/** The JSON Schema type of a value; whole numbers are "integer". */
export function typeOfValue(value: JsonValue): string {
  if (value === null) {
    return "null";
  }
  if (Array.isArray(value)) {
    return "array";
  }
  return Number.isInteger(value) ? "integer" : typeof value;
}

/** Whether a value is of one of the types. */
export function isOfType(value: JsonValue, types: readonly string[]): boolean {
  const type = typeOfValue(value);
  return types.includes(type) || (type === "integer" && types.includes("number"));
}
