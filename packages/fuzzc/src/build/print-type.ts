import type { JsonSchemaObject, JsonValue } from "@fuzzc/program";

/**
 * The TypeScript type of a JSON Schema's values. A reference to itself, and what the schema leaves open, is a `JsonValue`.
 */
export function printSchemaType(schema: JsonValue): string {
  return new Printer(schema).print(schema, "", []);
}

/** The type of exactly this value: JSON is TypeScript as well. */
export function printLiteral(value: JsonValue): string {
  return JSON.stringify(value);
}

const scalars = new Map([
  ["string", "string"],
  ["number", "number"],
  ["integer", "number"],
  ["boolean", "boolean"],
  ["null", "null"],
]);

class Printer {
  readonly #root: JsonValue;

  constructor(root: JsonValue) {
    this.#root = root;
  }

  /**
   * @param indent of the line that the type stands on
   * @param references that led here
   */
  print(schema: JsonValue, indent: string, references: readonly string[]): string {
    if (!isObject(schema)) {
      return schema === false ? "never" : "JsonValue";
    }
    const print = (part: JsonValue) => this.print(part, indent, references);
    const { const: only, enum: values, anyOf, oneOf, allOf, $ref } = schema;
    const parts = [
      ...(only === undefined ? [] : [printLiteral(only)]),
      ...(Array.isArray(values) ? [union(values.map(printLiteral))] : []),
      ...(only === undefined && values === undefined
        ? [this.#printTypes(schema, indent, references)]
        : []),
      ...[anyOf, oneOf].filter(Array.isArray).map((choices) => union(choices.map(print))),
      ...(Array.isArray(allOf) ? allOf.map(print) : []),
      ...(typeof $ref === "string" ? [this.#printReference($ref, indent, references)] : []),
    ].filter((part) => part !== "JsonValue");
    return join(parts, " & ") || "JsonValue";
  }

  #printTypes(schema: JsonSchemaObject, indent: string, references: readonly string[]): string {
    const inferred =
      schema.properties !== undefined ? "object" : schema.items !== undefined ? "array" : undefined;
    const types = schema.type ?? inferred;
    const names = Array.isArray(types) ? types : types === undefined ? [] : [types];
    const printed = names.map((name) => {
      switch (name) {
        case "array":
          return this.#printArray(schema, indent, references);
        case "object":
          return this.#printObject(schema, indent, references);
        default:
          return scalars.get(String(name)) ?? "JsonValue";
      }
    });
    return union(printed) || "JsonValue";
  }

  #printArray(
    { items = true, prefixItems }: JsonSchemaObject,
    indent: string,
    references: readonly string[],
  ): string {
    const rest = `${bracket(this.print(items, indent, references))}[]`;
    if (!Array.isArray(prefixItems)) {
      return rest;
    }
    const first = prefixItems.map((item) => bracket(this.print(item, indent, references)));
    // A shorter list is valid too, unless minItems says otherwise; so each may be missing.
    return `[${[...first.map((type) => `${type}?`), ...(items === false ? [] : [`...${rest}`])].join(", ")}]`;
  }

  #printObject(
    { properties, required, additionalProperties = true }: JsonSchemaObject,
    indent: string,
    references: readonly string[],
  ): string {
    if (!isObject(properties) || Object.keys(properties).length === 0) {
      const value = this.print(additionalProperties, indent, references);
      return `{ [key: string]: ${value} }`;
    }
    const inner = `${indent}  `;
    const needed = Array.isArray(required) ? required : [];
    const lines = Object.entries(properties).map(([name, value]) => {
      const key = /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
      const mark = needed.includes(name) ? "" : "?";
      return `${inner}${key}${mark}: ${this.print(value, inner, references)};\n`;
    });
    return `{\n${lines.join("")}${indent}}`;
  }

  #printReference(reference: string, indent: string, references: readonly string[]): string {
    const target = references.includes(reference) ? undefined : this.#find(reference);
    return target === undefined
      ? "JsonValue"
      : this.print(target, indent, [...references, reference]);
  }

  #find(reference: string): JsonValue | undefined {
    const [start, ...names] = reference.split("/");
    let found: JsonValue | undefined = start === "#" ? this.#root : undefined;
    for (const name of names) {
      const key = decodeURIComponent(name).replaceAll("~1", "/").replaceAll("~0", "~");
      found = isObject(found) && Object.hasOwn(found, key) ? found[key] : undefined;
    }
    return found;
  }
}

function isObject(value: JsonValue | undefined): value is JsonSchemaObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function union(types: readonly string[]): string {
  return types.includes("JsonValue") ? "JsonValue" : join(types, " | ");
}

function join(types: readonly string[], operator: " | " | " & "): string {
  const different = [...new Set(types)];
  return different.length < 2
    ? (different[0] ?? "")
    : different.map((type) => (operator === " & " ? bracket(type) : type)).join(operator);
}

function bracket(type: string): string {
  return / [|&] /.test(type) ? `(${type})` : type;
}
