import type { JsonSchemaObject, JsonValue } from "@fuzzc/program";

/**
 * The schema, with objects that hold only the properties they name: libraries drop further ones, so that the model need
 * not write them. A schema with `allOf`, whose parts each see the whole object, is left as it is.
 */
export function closeObjects(schema: JsonSchemaObject): JsonSchemaObject {
  return JSON.stringify(schema).includes('"allOf":') ? schema : (close(schema) as JsonSchemaObject);
}

function close(schema: JsonValue): JsonValue {
  if (typeof schema !== "object" || schema === null || Array.isArray(schema)) {
    return schema;
  }
  const closed: JsonSchemaObject = {};
  for (const [key, value] of Object.entries(schema)) {
    closed[key] = closePart(key, value);
  }
  return closed.properties !== undefined && closed.additionalProperties === undefined
    ? { ...closed, additionalProperties: false }
    : closed;
}

function closePart(key: string, value: JsonValue): JsonValue {
  switch (key) {
    case "items":
    case "additionalProperties":
      return close(value);
    case "anyOf":
    case "oneOf":
    case "prefixItems":
      return Array.isArray(value) ? value.map(close) : value;
    case "properties":
    case "$defs":
    case "definitions":
      return Object.fromEntries(
        Object.entries(value as JsonSchemaObject).map(([name, part]) => [name, close(part)]),
      );
    default:
      return value;
  }
}
