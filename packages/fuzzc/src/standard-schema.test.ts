import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { type } from "arktype";
import * as v from "valibot";
import { expect, test } from "vitest";
import { z } from "zod";
import { closeObjects } from "./close-objects.ts";
import { toOutputType } from "./output-form.ts";
import { validateOutput } from "./standard-schema.ts";

const order = {
  type: "json",
  schema: {
    type: "object",
    properties: { item: { type: "string" }, count: { type: "number" } },
    required: ["item", "count"],
    additionalProperties: false,
  },
};

test.each([
  ["Zod", z.object({ item: z.string(), count: z.number() })],
  ["Valibot", toStandardJsonSchema(v.object({ item: v.string(), count: v.number() }))],
  ["ArkType", type({ item: "string", count: "number" })],
])("%s says what the model may write, and checks it", async (_name, schema) => {
  const output = toOutputType(schema);
  expect(output.type).toBe("json");
  // Libraries order the properties in their own way.
  const { required, ...rest } = (output as typeof order).schema;
  expect(rest).toEqual({
    type: "object",
    properties: order.schema.properties,
    additionalProperties: false,
  });
  expect(required.toSorted()).toEqual(["count", "item"]);
  expect(await validateOutput(schema, { item: "bowl", count: 3 })).toEqual({
    item: "bowl",
    count: 3,
  });
  await expect(validateOutput(schema, { item: "bowl", count: "3" })).rejects.toMatchObject({
    code: "FUZZ_OUTPUT_INVALID",
    message: expect.stringMatching(/^The schema refuses the output .*"3"}: .*count/),
  });
});

test.each([
  ["Zod", z.enum(["now", "later"])],
  ["Valibot", toStandardJsonSchema(v.picklist(["now", "later"]))],
  ["ArkType", type("'now' | 'later'")],
])("an enumeration of %s is a list of labels", (_name, schema) => {
  const output = toOutputType(schema) as { type: string; labels: string[] };
  expect(output.type).toBe("labels");
  expect(output.labels.toSorted()).toEqual(["later", "now"]);
});

test("the model writes what goes into a schema, and users get what comes out", async () => {
  const schema = z.object({
    day: z.iso.date().transform((text) => new Date(text)),
    guests: z.int().default(2),
  });
  expect(toOutputType(schema)).toMatchObject({
    schema: { properties: { day: { type: "string" } }, required: ["day"] },
  });
  expect(await validateOutput(schema, { day: "2026-05-01" })).toEqual({
    day: new Date("2026-05-01"),
    guests: 2,
  });
});

test("a check that waits is waited for", async () => {
  const schema = z.string().refine(async (text) => text !== "taken", "is taken");
  await expect(validateOutput(schema, "taken")).rejects.toThrow('"taken": is taken');
});

test("a schema without a JSON Schema is refused with what to do", () => {
  expect(() => toOutputType(v.object({ item: v.string() }))).toThrow(
    expect.objectContaining({
      code: "FUZZ_OUTPUT_INVALID",
      hint: expect.stringContaining("toStandardJsonSchema(schema)"),
    }),
  );
  const old = {
    "~standard": { version: 1, vendor: "old", validate: () => ({ value: 1 }) },
  } as const;
  expect(() => toOutputType(old)).toThrow("a schema of old that gives no JSON Schema");
  expect(() => toOutputType(z.object({ day: z.date() }))).toThrow("Date cannot be represented");
});

test("objects are closed, in whatever they stand, unless their parts are put together", () => {
  const open = { properties: { a: { type: "string" } } };
  const closed = { ...open, additionalProperties: false };
  expect(closeObjects({ anyOf: [open, { items: open }], $defs: { open } })).toEqual({
    anyOf: [closed, { items: closed }],
    $defs: { open: closed },
  });
  expect(closeObjects({ ...open, additionalProperties: true })).toEqual({
    ...open,
    additionalProperties: true,
  });
  expect(closeObjects({ enum: [open] })).toEqual({ enum: [open] });
  expect(closeObjects({ allOf: [open, open] })).toEqual({ allOf: [open, open] });
});
