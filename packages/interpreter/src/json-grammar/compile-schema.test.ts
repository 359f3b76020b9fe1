import { FuzzError, type JsonSchemaObject, type JsonValue } from "@fuzzc/program";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonSchema } from "./check-schema.ts";
import { compileSchema } from "./compile-schema.ts";
import { GrammarMatcher, type MatchState } from "./match-grammar.ts";
import { walkGrammar } from "./walk-grammar.ts";

const encoder = new TextEncoder();

function accepts(schema: JsonSchema | undefined, text: string): boolean {
  const matcher = new GrammarMatcher(compileSchema(schema));
  return matcher.advance(matcher.start, encoder.encode(text))?.complete ?? false;
}

function refusal(schema: JsonSchema): string {
  try {
    compileSchema(schema);
  } catch (error) {
    if (FuzzError.isInstance(error)) {
      return `${error.code} ${error.message}`;
    }
    throw error;
  }
  return "";
}

function validate(schema: JsonSchema, text: string): void {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  const check = ajv.compile(schema);
  const value = JSON.parse(text) as JsonValue;
  expect(
    check(value),
    `${text} for ${JSON.stringify(schema)}: ${ajv.errorsText(check.errors)}`,
  ).toBe(true);
}

describe("compileSchema", () => {
  const order: JsonSchemaObject = {
    type: "object",
    properties: {
      item: { type: "string" },
      quantity: { type: "integer", minimum: 1, maximum: 120 },
      note: { type: ["string", "null"] },
    },
    required: ["item", "quantity"],
    additionalProperties: false,
  };

  it.each([
    ['{"item":"pen","quantity":2}', true],
    ['{"item":"pen","quantity":120,"note":null}', true],
    ['{"item":"a \\"b\\" \\u00e9 é","quantity":1,"note":""}', true],
    ['{"item":"pen","quantity":121}', false],
    ['{"item":"pen","quantity":0}', false],
    ['{"item":"pen","quantity":01}', false],
    ['{"quantity":2,"item":"pen"}', false],
    ['{"item":"pen", "quantity":2}', false],
    ['{"item":"pen"}', false],
    ['{"item":"pen","quantity":2,"more":1}', false],
    ['{"item":"\\ud800","quantity":2}', false],
    ['{"item":"\n","quantity":2}', false],
  ])("an order: %s is %s", (text, expected) => {
    expect(accepts(order, text)).toBe(expected);
  });

  it("keeps leading optional properties apart by commas", () => {
    const schema = {
      properties: { a: { const: 1 }, b: { const: 2 }, c: { const: 3 } },
      required: ["c"],
    };
    const good = ['{"a":1,"b":2,"c":3}', '{"b":2,"c":3}', '{"a":1,"c":3}', '{"c":3}'];
    const bad = ['{,"c":3}', '{"a":1,"b":2}', "{}", '{"a":1"c":3}', '{"c":3,}'];
    expect(good.map((text) => accepts(schema, text))).toEqual([true, true, true, true]);
    expect(bad.map((text) => accepts(schema, text))).toEqual(bad.map(() => false));
  });

  it("lets further properties have any name but the known ones", () => {
    const schema = {
      properties: { name: { type: "integer" } },
      additionalProperties: { type: "string" },
    };
    expect(accepts(schema, '{"name":1,"names":"x","nam":"y","":"z"}')).toBe(true);
    expect(accepts(schema, '{"other":"x"}')).toBe(true);
    expect(accepts(schema, '{"name":"x"}')).toBe(false);
    expect(accepts(schema, '{"n\\u0061me":"x"}')).toBe(false);
  });

  it("follows references, also to itself", () => {
    const tree = {
      $defs: {
        node: {
          type: "object",
          properties: { value: { type: "integer" }, children: { items: { $ref: "#/$defs/node" } } },
          required: ["value"],
        },
      },
      $ref: "#/$defs/node",
    };
    expect(accepts(tree, '{"value":1,"children":[{"value":2},{"value":3,"children":[]}]}')).toBe(
      true,
    );
    expect(accepts(tree, '{"value":1,"children":[{}]}')).toBe(false);
  });

  it("joins allOf, and a union with what stands beside it", () => {
    const schema = {
      type: "object",
      properties: { kind: { type: "string" }, size: { type: "integer" } },
      required: ["kind"],
      anyOf: [{ required: ["size"] }, { properties: { kind: { const: "none" } } }],
    };
    expect(accepts(schema, '{"kind":"box","size":3}')).toBe(true);
    expect(accepts(schema, '{"kind":"none"}')).toBe(true);
    expect(accepts(schema, '{"kind":"box"}')).toBe(false);
    const both = {
      allOf: [
        { type: "integer", minimum: 3 },
        { type: "number", maximum: 5 },
      ],
    };
    expect(["2", "3", "5", "6", "4.5"].map((text) => accepts(both, text))).toEqual([
      false,
      true,
      true,
      false,
      false,
    ]);
  });

  it("keeps of an enum what is valid for the keywords beside it", () => {
    const schema = { enum: ["a", "abc", 3, null], type: ["string", "null"], maxLength: 2 };
    expect(['"a"', '"abc"', "3", "null"].map((text) => accepts(schema, text))).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });

  it("takes tuples, counts, patterns and formats", () => {
    const tuple = {
      prefixItems: [{ const: 1 }, { const: 2 }],
      items: { const: 3 },
      minItems: 1,
      maxItems: 4,
    };
    expect(
      ["[]", "[1]", "[1,2]", "[1,2,3,3]", "[1,2,3,3,3]"].map((text) => accepts(tuple, text)),
    ).toEqual([false, true, true, true, false]);
    expect(accepts({ type: "string", minLength: 2, maxLength: 3 }, '"é\\n"')).toBe(true);
    expect(accepts({ type: "string", minLength: 2, maxLength: 3 }, '"é"')).toBe(false);
    expect(accepts({ pattern: "^[A-Z]{2}-\\d+$" }, '"AB-12"')).toBe(true);
    expect(accepts({ pattern: "^[A-Z]{2}-\\d+$" }, '"AB-12x"')).toBe(false);
    expect(accepts({ pattern: "b" }, '"abc"')).toBe(true);
    expect(accepts({ pattern: "b" }, '"ac"')).toBe(false);
    expect(accepts({ format: "date" }, '"2024-02-29"')).toBe(true);
    expect(accepts({ format: "date" }, '"2023-02-29"')).toBe(false);
  });

  it("without a schema takes any compact JSON", () => {
    for (const value of [{}, [], [1, -2.5e3, "x", null, true], { a: { b: [{}] } }, "", 0]) {
      expect(accepts(undefined, JSON.stringify(value))).toBe(true);
    }
    expect(accepts(undefined, "{a:1}")).toBe(false);
  });

  it.each<[JsonSchema, string]>([
    [
      { properties: { a: { not: {} } } },
      'FUZZ_SCHEMA_UNSUPPORTED The JSON Schema at "/properties/a" uses the keyword "not"',
    ],
    [{ items: [{}] }, 'FUZZ_SCHEMA_INVALID The JSON Schema at "/items"'],
    [
      { oneOf: [{ type: "string" }, { minLength: 2 }] },
      'FUZZ_SCHEMA_UNSUPPORTED The JSON Schema at "" uses the keyword "oneOf"',
    ],
    [{ uniqueItems: true }, 'uses the keyword "uniqueItems"'],
    [{ $ref: "#/$defs/none" }, "FUZZ_SCHEMA_INVALID"],
    [{ $ref: "other.json" }, 'uses the keyword "$ref"'],
    [{ anyOf: [{ $ref: "#" }, { type: "string" }] }, "FUZZ_SCHEMA_INVALID"],
    [{ properties: JSON.parse('{"__proto__":{}}') }, 'the keyword "properties"'],
    [{ properties: { next: { $ref: "#" } }, required: ["next"] }, "FUZZ_SCHEMA_EMPTY"],
    [{ type: "string", enum: [1] }, "FUZZ_SCHEMA_EMPTY"],
    [{ minimum: 3, maximum: 2 }, "FUZZ_SCHEMA_EMPTY"],
    [{ type: "number", minimum: 0.5 }, 'uses the keyword "minimum"'],
    [{ pattern: "(?=a)" }, 'uses the keyword "pattern"'],
    [{ type: "text" }, 'FUZZ_SCHEMA_INVALID The JSON Schema at "/type"'],
    [{ minItems: 4000, items: { minItems: 4000 } }, "FUZZ_SCHEMA_EMPTY"],
    [{ constructor: 1 } as unknown as JsonSchema, 'the keyword "constructor"'],
  ])("refuses a schema (%#)", (schema, expected) => {
    expect(refusal(schema)).toContain(expected);
  });

  it("ignores annotations", () => {
    expect(accepts({ title: "x", description: "y", $schema: "z", const: 1 }, "1")).toBe(true);
  });

  it("makes only valid JSON, whatever the schema and the walk", () => {
    fc.assert(
      fc.property(
        schemas,
        fc.infiniteStream(fc.nat(2 ** 16)),
        fc.nat(200),
        (schema, choices, cut) => {
          let grammar: ReturnType<typeof compileSchema>;
          try {
            grammar = compileSchema(schema);
          } catch (error) {
            // Random schemas may contradict themselves; the error must be ours.
            expect(FuzzError.isInstance(error) && error.code).toMatch(/^FUZZ_SCHEMA_/);
            return;
          }
          const text = walkGrammar(grammar, () => choices.next().value as number);
          validate(schema, text);
          // The matcher agrees at every byte, and can close the text from anywhere.
          const bytes = encoder.encode(text);
          const matcher = new GrammarMatcher(grammar);
          let state: MatchState | undefined = matcher.start;
          const at = Math.min(cut, bytes.length);
          for (const byte of bytes.subarray(0, at)) {
            state = state && matcher.advance(state, [byte]);
          }
          expect(state).toBeDefined();
          const begun = new TextDecoder().decode(bytes.subarray(0, at), { stream: true });
          validate(schema, begun + matcher.shortestEnd(state as MatchState));
          expect(matcher.advance(state as MatchState, bytes.subarray(at))?.complete).toBe(true);
          expect(text.startsWith(begun + matcher.forcedText(state as MatchState))).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });
});

// ajv can't compare objects that have one of these as a property.
const values = (maxDepth: number) =>
  fc
    .jsonValue({ maxDepth })
    .filter((value) => !/toString|valueOf/.test(JSON.stringify(value))) as fc.Arbitrary<JsonValue>;
const names = fc.constantFrom("a", "b", "ab", "name", 'q"', "é", "__proto__");
const leaf: fc.Arbitrary<JsonSchema> = fc.oneof(
  fc.constantFrom<JsonSchema>(true, {}, { type: "null" }, { type: "boolean" }, { type: "object" }),
  fc.record(
    {
      type: fc.constantFrom("integer", "number"),
      minimum: fc.integer({ min: -30, max: 30 }),
      maximum: fc.integer({ min: -30, max: 200 }),
    },
    { requiredKeys: ["type"] },
  ),
  fc.record(
    {
      type: fc.constantFrom("integer", "number"),
      exclusiveMinimum: fc.integer({ min: -3, max: 3 }),
      exclusiveMaximum: fc.integer(),
    },
    { requiredKeys: ["type"] },
  ),
  fc.record(
    { type: fc.constant("string"), minLength: fc.nat(4), maxLength: fc.nat(6) },
    { requiredKeys: ["type"] },
  ),
  fc.record({
    pattern: fc.constantFrom(
      "^a+b?$",
      "x|^y",
      "^[^a-z\\s]{2,3}$",
      "^(?:ab|c)*$",
      "\\.",
      '^["\\\\\\n]+$',
    ),
  }),
  fc.record({ format: fc.constantFrom("date", "date-time", "uuid", "email", "ipv4", "time") }),
  fc.record({
    enum: fc.array(values(1), {
      minLength: 1,
      maxLength: 4,
    }),
  }),
  fc.record({ const: values(2) }),
);
const { schema: schemas } = fc.letrec<{ schema: JsonSchema }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    leaf,
    fc.record(
      {
        type: fc.constant("object"),
        properties: fc.dictionary(names, tie("schema"), { maxKeys: 4 }),
        required: fc.uniqueArray(names, { maxLength: 2 }),
        additionalProperties: tie("schema"),
      },
      { requiredKeys: ["type"] },
    ) as fc.Arbitrary<JsonSchema>,
    fc.record(
      {
        type: fc.constant("array"),
        items: tie("schema"),
        prefixItems: fc.array(tie("schema"), { minLength: 1, maxLength: 3 }),
        minItems: fc.nat(3),
        maxItems: fc.nat(4),
      },
      { requiredKeys: ["type"] },
    ) as fc.Arbitrary<JsonSchema>,
    fc.record(
      {
        anyOf: fc.array(tie("schema"), { minLength: 1, maxLength: 3 }),
        properties: fc.dictionary(names, tie("schema"), { maxKeys: 2 }),
      },
      { requiredKeys: ["anyOf"] },
    ) as fc.Arbitrary<JsonSchema>,
    fc.record({
      oneOf: fc.array(tie("schema"), { minLength: 1, maxLength: 3 }),
    }) as fc.Arbitrary<JsonSchema>,
    fc.record({
      allOf: fc.array(tie("schema"), { minLength: 1, maxLength: 2 }),
    }) as fc.Arbitrary<JsonSchema>,
  ),
}));
