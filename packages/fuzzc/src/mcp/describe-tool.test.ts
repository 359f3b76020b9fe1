import type { OutputType } from "@fuzzc/program";
import { expect, test } from "vitest";
import { describeTool } from "./describe-tool.ts";

const describe = (output: OutputType) => {
  const target = { kind: "program", path: "a.paw" } as const;
  return describeTool({ name: "a", spec: "A.\n", inputs: undefined, output, target });
};
const outputOf = (output: OutputType) => describe(output).outputSchema?.properties?.output;

test("a tool takes one text, and says what it gives", () => {
  expect(describe({ type: "labels", labels: ["yes", "no"] })).toMatchObject({
    name: "a",
    description: "A.",
    inputSchema: { properties: { input: { type: "string" } }, required: ["input"] },
    outputSchema: { properties: { output: { enum: ["yes", "no", null] } } },
  });
  expect(outputOf({ type: "text" })).toEqual({ type: ["string", "null"] });
  expect(outputOf({ type: "json" })).toEqual({ anyOf: [{}, { type: "null" }] });
});

test("a JSON Schema stands in the tool's, unless it refers to itself", () => {
  const schema = { type: "object", properties: { a: { type: "string" } } };
  expect(outputOf({ type: "json", schema: { ...schema, $schema: "x", $id: "y" } })).toEqual({
    anyOf: [schema, { type: "null" }],
  });
  const list = { $defs: { a: { type: "string" } }, type: "array", items: { $ref: "#/$defs/a" } };
  expect(outputOf({ type: "json", schema: list })).toEqual({});
});
