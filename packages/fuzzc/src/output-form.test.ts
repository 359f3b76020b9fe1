import type { JsonValue } from "@fuzzc/program";
import { expect, expectTypeOf, test } from "vitest";
import { toOutputForm, toOutputType } from "./output-form.ts";
import type { OutputOf } from "./output-of.ts";
import { outputText } from "./output-text.ts";

const schema = { type: "object", properties: { b: {}, a: {} } } as const;

test.each([
  [undefined, { type: "text" }],
  ["text", { type: "text" }],
  ["json", { type: "json" }],
  [["now", "later"], { type: "labels", labels: ["now", "later"] }],
  [schema, { type: "json", schema }],
] as const)("toOutputType(%j)", (form, output) => {
  expect(toOutputType(form)).toEqual(output);
  expect(toOutputType(toOutputForm(output as never))).toEqual(output);
});

test.each([
  [[], "labels"],
  [["a", "a"], "labels must differ"],
  [["a", ""], "labels.1"],
  [[1], "labels.0"],
  ["number", 'is "number"'],
  [null, "is null"],
])("refuses the output %j", (form, reason) => {
  const call = () => toOutputType(form as never);
  expect(call).toThrow(expect.objectContaining({ code: "FUZZ_OUTPUT_INVALID" }));
  expect(call).toThrow(reason);
});

test("outputs become the text that the model writes", () => {
  expect(outputText("now", { type: "labels", labels: ["now"] })).toBe("now");
  expect(outputText(7, { type: "text" })).toBe("7");
  expect(outputText({ b: 1, a: [null] }, { type: "json" })).toBe('{"b":1,"a":[null]}');
  expect(outputText('{ "b": 1 }', { type: "json" })).toBe('{"b":1}');
  expect(outputText("two words", { type: "json" })).toBe('"two words"');
  expect(() => outputText({ a: 1 }, { type: "text" })).toThrow('The output {"a":1} is not text');
});

test("the type of an output follows from its form", () => {
  expectTypeOf<OutputOf<readonly ["now", "later"]>>().toEqualTypeOf<"now" | "later">();
  expectTypeOf<OutputOf<string[]>>().toEqualTypeOf<string>();
  expectTypeOf<OutputOf<"text">>().toEqualTypeOf<string>();
  expectTypeOf<OutputOf<"json">>().toEqualTypeOf<JsonValue>();
  expectTypeOf<OutputOf<typeof schema>>().toEqualTypeOf<{ b?: JsonValue; a?: JsonValue }>();
});
