import type { JsonValue } from "@fuzzc/program";
import { expect, test } from "vitest";
import { printSchemaType } from "./print-type.ts";

const text = { type: "string" };

test.each<[JsonValue, string]>([
  [true, "JsonValue"],
  [false, "never"],
  [{}, "JsonValue"],
  [text, "string"],
  [{ type: "integer", minimum: 1 }, "number"],
  [{ type: ["boolean", "null"] }, "boolean | null"],
  [{ type: ["integer", "number"] }, "number"],
  [{ const: "it's" }, '"it\'s"'],
  [{ type: "string", enum: ["a", 2, null, { b: 1 }] }, '"a" | 2 | null | {"b":1}'],
  [{ anyOf: [text, { type: "number" }] }, "string | number"],
  [{ oneOf: [text, {}] }, "JsonValue"],
  [{ type: "array" }, "JsonValue[]"],
  [{ items: { type: ["string", "null"] } }, "(string | null)[]"],
  [{ type: "array", prefixItems: [text], items: false }, "[string?]"],
  [{ type: "array", prefixItems: [text], items: { type: "null" } }, "[string?, ...null[]]"],
  [{ type: "object" }, "{ [key: string]: JsonValue }"],
  [{ type: "object", additionalProperties: text }, "{ [key: string]: string }"],
  [
    { allOf: [{ properties: { a: text } }, { required: ["a"] }, { anyOf: [text, { const: 1 }] }] },
    "{\n  a?: string;\n} & (string | 1)",
  ],
  [{ $ref: "#/$defs/a~1b", $defs: { "a/b": text } }, "string"],
  [{ $ref: "elsewhere.json" }, "JsonValue"],
  [{ $ref: "#/$defs/none" }, "JsonValue"],
  [
    { properties: { next: { $ref: "#" } }, required: ["next"] },
    "{\n  next: {\n    next: JsonValue;\n  };\n}",
  ],
])("%j", (schema, type) => {
  expect(printSchemaType(schema)).toBe(type);
});

test("objects are written a property a line, and odd names in quotes", () => {
  const size = { properties: { "in cm": { type: "number" } }, required: ["in cm"] };
  const schema = {
    type: "object",
    properties: { item: text, sizes: { type: "array", items: size } },
    required: ["item"],
    additionalProperties: false,
  };
  expect(printSchemaType(schema)).toBe(`{
  item: string;
  sizes?: {
    "in cm": number;
  }[];
}`);
});
