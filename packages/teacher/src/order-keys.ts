import type { JsonSchemaObject, JsonValue } from "@fuzzc/program";

/**
 * A value with the keys of its objects in the order of the schema's properties, which is the only one that a program
 * writes. Keys that the schema does not name come last, in their own order.
 */
export function orderKeys(value: JsonValue, schema: JsonValue | undefined): JsonValue {
  if (typeof value !== "object" || value === null || !isObject(schema)) {
    return value;
  }
  if (Array.isArray(value)) {
    return value.map((item) => orderKeys(item, schema.items));
  }
  const properties = isObject(schema.properties) ? schema.properties : {};
  const named = Object.keys(properties).filter((key) => Object.hasOwn(value, key));
  const others = Object.keys(value).filter((key) => !Object.hasOwn(properties, key));
  return Object.fromEntries(
    [...named, ...others].map((key) => [key, orderKeys(value[key] as JsonValue, properties[key])]),
  );
}

function isObject(value: JsonValue | undefined): value is JsonSchemaObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
