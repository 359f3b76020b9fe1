import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { FuzzError } from "@fuzzc/program";
import { Ajv } from "ajv";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse as parseYaml, stringify } from "yaml";
import { parseFuzzFiles } from "../parse-fuzz-file.ts";

const schemaPath = fileURLToPath(new URL("../../schema/fuzz.schema.json", import.meta.url));
const examplesFolder = fileURLToPath(new URL("../../../../examples/", import.meta.url));
const isValid = new Ajv({ allErrors: true, strictTypes: false }).compile(
  JSON.parse(readFileSync(schemaPath, "utf8")),
);

/** Whether the schema says of a text what the parser says; of what it can't say, either will do. */
function agrees(text: string): boolean {
  try {
    parseFuzzFiles(text, "a.fuzz.yaml");
    return isValid(parseYaml(text));
  } catch (error) {
    const { message } = error as Error;
    const unsayable = canNotBeSaid.some((trouble) => trouble.test(message));
    return FuzzError.isInstance(error) && (unsayable || !isValid(parseYaml(text)));
  }
}

/** What takes looking at two places of a file at once, or at another file. */
const canNotBeSaid = [
  /label .* is not one of/,
  /an earlier example gives/,
  /label .* is there twice/,
  /is not there/,
  // Which inputs a function has, and so what its examples have to hold.
  /expected an input as text/,
  /expected (query|snippet) here/,
  /expected \{ query(, snippet)? \}/,
  /expected (query|snippet) as text/,
  /unknown key "(query|snippet|other)"/,
  // What kind of output it has.
  /the output is not valid for the JSON Schema/,
  /expected (text|a label)$/,
];

describe("fuzz.schema.json", () => {
  test.each(readdirSync(examplesFolder).filter((name) => name.endsWith(".fuzz.yaml")))(
    "takes examples/%s",
    (name) => {
      const value = parseYaml(readFileSync(`${examplesFolder}${name}`, "utf8"));
      expect(isValid(value), JSON.stringify(isValid.errors)).toBe(true);
    },
  );

  test.each([
    "spec: a",
    "spec: a\noutput:\nexamples:\ntests:\nname:",
    "spec: a\noutput: [yes, 1, true]\notherwise: null\noptimise: 0",
    "spec: a\noutput: json\nexamples: [{ input: 7, output: { b: null } }]",
    "spec: a\nfunctions:\n",
    "functions: { a: { spec: b, name2: c } }",
    "functions: { a: { spec: b }, c-d: { spec: e, optimise: 2 } }\noutput: [x, y]",
    "[]",
    "{}",
    "spec:",
    "spec: '  '",
    "spec: a\nwhy: b",
    "spec: a\nname: b c",
    "spec: a\noutput: number",
    "spec: a\noutput: []",
    "spec: a\noutput: [b, b]",
    "spec: a\noutput: ['']",
    "spec: a\noutput: [[b]]",
    "spec: a\noutput: { type: object, properties: { b: { type: integer } }, required: [b] }",
    "spec: a\noutput: { type: strin }",
    "spec: a\noutput: { properties: [b] }",
    "spec: a\ninputs: []",
    "spec: a\ninputs: [b, b]",
    "spec: a\ninputs: [output]",
    "spec: a\ninputs: [b c]",
    "spec: a\ninputs: b",
    "spec: a\nexamples: 7",
    "spec: a\nexamples: data.xlsx",
    "spec: a\ntests: [b]",
    "spec: a\ntests: [{ input: b }]",
    "spec: a\ntests: [{ output: b }]",
    "spec: a\ntests: [{ input: b, output: c, why: d }]",
    "spec: a\ntests: [{ input: [b], output: c }]",
    "spec: a\nminProbability: 2",
    "spec: a\nminProbability: yes",
    "spec: a\nrequiredScore: -1",
    "spec: a\noptimise: 4",
    "spec: a\noptimise: O1",
    "spec: a\ncompiler: smol",
    "spec: a\ncompiler: ./mine",
    "spec: a\ncompiler: a b",
    "spec: a\ninterpreter: gpt",
    "spec: a\nfunctions: { b: { spec: c } }",
    "functions: {}",
    "functions: [{ spec: a }]",
    "functions: { a: b }",
    "functions: { a: { output: text } }",
    "functions: { a: { spec: b, name: c } }",
    "functions: { 'a b': { spec: c } }",
    "examples: []\nfunctions: { a: { spec: b } }",
  ])("agrees with the parser on %j", (text) => {
    expect(agrees(text), JSON.stringify(isValid.errors)).toBe(true);
  });

  test("agrees with the parser on files of any keys and values", () => {
    const text = fc.constantFrom("a", "b c", "now", 7, true, "", "x.csv", "text", "json");
    const share = fc.constantFrom(0, 0.5, 1, 2, -1, "a", []);
    const input = fc.oneof(text, fc.dictionary(fc.constantFrom("query", "snippet", "other"), text));
    const pair = fc.record(
      { input, output: fc.oneof(text, fc.constant({ b: [1] })), why: text },
      { requiredKeys: ["input", "output"] },
    );
    const cases = fc.oneof(text, fc.array(fc.oneof(pair, text, fc.constant({})), { maxLength: 3 }));
    const shared = {
      output: fc.oneof(text, fc.array(text, { maxLength: 3 }), fc.constant({ type: "object" })),
      inputs: fc.oneof(text, fc.subarray(["query", "snippet", "output", "a b", "query"])),
      otherwise: fc.oneof(text, fc.constant(null)),
      minProbability: share,
      optimise: fc.oneof(share, fc.constant(2)),
      compiler: fc.constantFrom("smol", "./mine", "a b", 7, ["a"]),
      interpreter: fc.constantFrom("encoder", "language", "a", 7),
      requiredScore: share,
    };
    const own = { spec: fc.oneof(text, fc.constant(["a"])), examples: cases, tests: cases };
    const others = { requiredKeys: [], noNullPrototype: true };
    const fn = fc.record({ ...shared, ...own, name: text }, others);
    const functions = fc.oneof(text, fc.dictionary(fc.constantFrom("a", "b-c", "d e", "_f"), fn));
    const file = fc.oneof(
      fn,
      fc.record({ ...shared, functions }, others),
      fc.record({ ...shared, ...own, functions, name: text }, others),
    );
    fc.assert(
      fc.property(file, (value) => {
        const yaml = stringify(value);
        expect(agrees(yaml), `${yaml}${JSON.stringify(isValid.errors)}`).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});
