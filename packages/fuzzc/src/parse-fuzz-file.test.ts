import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { FuzzError } from "@fuzzc/program";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseFuzzFile, parseFuzzFiles } from "./parse-fuzz-file.ts";

const parse = (text: string) => parseFuzzFile(text, "a.fuzz.yaml");

describe("parseFuzzFile", () => {
  test("reads a label function with its tests", () => {
    const file = parse(`
name: triage
spec: >-
  Decide how soon
  a message needs a reply.
output: [now, later]
otherwise: null
minProbability: 0.4
examples:
  - { input: "site down", output: now }
tests:
  - input: typo
    output: later
  - input: "a poem about the sea"
    output: null
`);
    expect(file).toEqual({
      name: "triage",
      spec: "Decide how soon a message needs a reply.",
      output: ["now", "later"],
      otherwise: null,
      minProbability: 0.4,
      examples: [{ input: "site down", output: "now" }],
      tests: [
        { input: "typo", output: "later" },
        { input: "a poem about the sea", output: null },
      ],
      dataFiles: [],
    });
  });

  test("a spec alone is a text function", () => {
    expect(parse("spec: Shout.")).toEqual({
      spec: "Shout.",
      output: "text",
      examples: [],
      tests: [],
      dataFiles: [],
    });
    expect(parse("spec: Shout.\nexamples:\ntests: []\noutput:\n")).toMatchObject({
      output: "text",
    });
  });

  test("takes labels, inputs and outputs as they are written", () => {
    const file = parse(`
spec: Is it so?
output: [yes, no, true, 1.10, null]
examples:
  - { input: 007, output: yes }
  - { input: 2024-01-02, output: 1.10 }
  - { input: true, output: true }
`);
    expect(file.output).toEqual(["yes", "no", "true", "1.10", "null"]);
    expect(file.examples).toEqual([
      { input: "007", output: "yes" },
      { input: "2024-01-02", output: "1.10" },
      { input: "true", output: "true" },
    ]);
  });

  test("writes JSON outputs without spaces, in their own order", () => {
    const file = parse(`
spec: Fix it.
output: json
examples:
  - { input: x, output: { "b": 1, "a": "two words" } }
  - { input: y, output: '{ "b": 2 }' }
  - { input: z, output: [1, null] }
  - { input: w, output: "just text" }
tests:
  - { input: v, output: { b: 3 } }
`);
    expect(file.examples.map(({ output }) => output)).toEqual([
      '{"b":1,"a":"two words"}',
      '{"b":2}',
      "[1,null]",
      '"just text"',
    ]);
    expect(file.tests).toEqual([{ input: "v", output: { b: 3 } }]);
    const schema = "{ type: object, properties: { b: { type: number }, a: { type: string } } }";
    const { output } = parse(`spec: a\noutput: ${schema}`);
    expect(JSON.stringify(output)).toMatch(/"properties":\{"b".*"a"/);
  });

  test("reads several functions, which share what stands at the top", () => {
    const text = `
output: [yes, no]
optimise: 0
interpreter: encoder
requiredScore: 0.9
functions:
  isSpam:
    spec: Is it spam?
    examples: [{ input: "win money", output: yes }]
  is-rude: { spec: Is it rude?, optimise: 1, output: text }
`;
    const [spam, rude] = parseFuzzFiles(text, "a.fuzz.yaml");
    expect(spam).toEqual({
      name: "isSpam",
      spec: "Is it spam?",
      output: ["yes", "no"],
      examples: [{ input: "win money", output: "yes" }],
      tests: [],
      level: "O0",
      interpreter: "encoder",
      requiredScore: 0.9,
      dataFiles: [],
    });
    expect(rude).toMatchObject({ name: "is-rude", output: "text", level: "O1" });
    expect(parseFuzzFile(text, "a.fuzz.yaml", "isSpam")).toEqual(spam);
    expect(catchError(() => parse(text))).toMatchObject({
      message: "a.fuzz.yaml has 2 functions: isSpam, is-rude",
      code: "FUZZ_SEVERAL_FUNCTIONS",
      hint: "Name one of them: a.fuzz.yaml#isSpam",
    });
    expect(catchError(() => parseFuzzFile(text, "a.fuzz.yaml", "isspam"))).toMatchObject({
      message: 'a.fuzz.yaml has no function "isspam"',
      code: "FUZZ_NO_SUCH_FUNCTION",
      hint: "Did you mean a.fuzz.yaml#isSpam? It has isSpam, is-rude.",
    });
  });

  test("reads functions of several texts", () => {
    const file = parse(`
spec: Does the snippet do what the query says?
inputs: [query, snippet]
output: [yes, no]
examples:
  - input: { snippet: xs.at(-1), query: last item }
    output: yes
tests:
  - input: { query: 7, snippet: "a\\nb" }
    output: no
`);
    expect(file.inputs).toEqual(["query", "snippet"]);
    expect(file.examples).toEqual([
      { input: { query: "last item", snippet: "xs.at(-1)" }, output: "yes" },
    ]);
    expect(file.tests).toEqual([{ input: { query: "7", snippet: "a\nb" }, output: "no" }]);
  });

  test.each([
    ["", "1:1: expected keys such as spec, output and examples", "FUZZ_FILE_INVALID"],
    ["just text", "1:1: expected keys such as", "FUZZ_FILE_INVALID"],
    ["output: text", "1:1: expected a spec in plain English", "FUZZ_FILE_INVALID"],
    ["spec: ''", "1:7: expected a spec in plain English", "FUZZ_FILE_INVALID"],
    ["spec: [a]", "1:7: expected a spec in plain English", "FUZZ_FILE_INVALID"],
    ["spec: a\nexmaples: []", '2:1: unknown key "exmaples"', "FUZZ_UNKNOWN_KEY"],
    ["spec: a\nspec: b", "2:1: Map keys must be unique", "FUZZ_YAML_SYNTAX"],
    ["spec: a\noutput: [now", "2:13: Flow sequence", "FUZZ_YAML_SYNTAX"],
    [
      "spec: a\noutput: number",
      "2:9: expected a list of labels, text, json or a",
      "FUZZ_FILE_INVALID",
    ],
    ["spec: a\noutput: []", "2:9: expected a list of labels", "FUZZ_FILE_INVALID"],
    ["spec: a\noutput: [b, c, b]", '2:16: label "b" is there twice', "FUZZ_FILE_INVALID"],
    ["spec: a\nexamples: yes", "2:11: expected a list of { input, output }", "FUZZ_FILE_INVALID"],
    ["spec: a\nexamples:\n  - b", "3:5: expected { input, output }", "FUZZ_FILE_INVALID"],
    ["spec: a\nexamples:\n  - input: b", "3:5: expected an output here", "FUZZ_FILE_INVALID"],
    [
      "spec: a\nexamples:\n  - { input: b, output: c, why: d }",
      '3:28: unknown key "why"',
      "FUZZ_UNKNOWN_KEY",
    ],
    [
      "spec: a\noutput: [now, later]\nexamples:\n  - input: b\n    output: laterr",
      '5:13: label "laterr" is not one of now, later',
      "FUZZ_UNKNOWN_LABEL",
    ],
    [
      "spec: a\noutput: [now, later]\ntests:\n  - { input: b, output: soon }",
      '4:25: label "soon" is not one of now, later',
      "FUZZ_UNKNOWN_LABEL",
    ],
    [
      "spec: a\nexamples:\n  - { input: b, output: c }\n  - { input: b, output: d }",
      '4:25: an earlier example gives "c" for the same input',
      "FUZZ_CONFLICTING_EXAMPLES",
    ],
    [
      "spec: a\noutput: json\nexamples:\n  - { input: b, output: { c: .inf } }",
      "4:25: expected a value as in JSON: JSON has no Infinity",
      "FUZZ_FILE_INVALID",
    ],
    ["spec: a\nminProbability: 2", "2:17: expected a number from 0 to 1", "FUZZ_FILE_INVALID"],
    ["spec: a\nname: ../b", "2:7: expected a name of letters, digits", "FUZZ_FILE_INVALID"],
    ["spec: a\ninterpreter: gpt", "2:14: expected encoder or language", "FUZZ_FILE_INVALID"],
    ["spec: a\nrequiredScore: 90", "2:16: expected a number from 0 to 1", "FUZZ_FILE_INVALID"],
    ["spec: a\ninputs: query", "2:9: expected a list of names, such as", "FUZZ_FILE_INVALID"],
    ["spec: a\ninputs: [query, a b]", "2:17: the name must be a letter", "FUZZ_FILE_INVALID"],
    ["spec: a\ninputs: [b, b]", "2:9: expected a list of names, such as", "FUZZ_FILE_INVALID"],
    [
      "spec: a\ninputs: [b, c]\ntests:\n  - { input: { b: d }, output: e }",
      "4:14: expected c here",
      "FUZZ_FILE_INVALID",
    ],
    [
      "spec: a\ninputs: [b, c]\ntests:\n  - { input: { b: d, c: e, f: g }, output: h }",
      '4:28: unknown key "f"',
      "FUZZ_UNKNOWN_KEY",
    ],
    [
      "spec: a\ninputs: [b, c]\ntests:\n  - { input: d, output: h }",
      "4:14: expected { b, c }",
      "FUZZ_FILE_INVALID",
    ],
    ["spec: a\nfunctions: { b: { spec: c } }", "1:7: spec stands beside", "FUZZ_FILE_INVALID"],
    ["functions: { b: { output: text } }", "1:17: expected a spec in", "FUZZ_FILE_INVALID"],
    ["functions:\n  b:", "2:5: expected b to have keys such", "FUZZ_FILE_INVALID"],
    ["functions: {}", "1:12: expected functions by their names", "FUZZ_FILE_INVALID"],
    ["functions: [a]", "1:12: expected functions by their names", "FUZZ_FILE_INVALID"],
    ["functions: { b c: { spec: d } }", "1:14: expected a name of", "FUZZ_FILE_INVALID"],
    ["functions: { b: { name: d } }", '1:19: unknown key "name"', "FUZZ_UNKNOWN_KEY"],
    ["spec: a\noutput: { type: strin }", "2:9: ", "FUZZ_SCHEMA_INVALID"],
    ["spec: a\noutput: { type: object, $ref: x.json }", "2:9: ", "FUZZ_SCHEMA_UNSUPPORTED"],
    [
      "spec: a\noutput: { type: number }\ntests:\n  - { input: b, output: c }",
      "4:25: the output is not valid for the JSON Schema",
      "FUZZ_OUTPUT_INVALID",
    ],
    [
      "spec: a\noutput: { type: number }\nexamples:\n  - { input: b, output: null }",
      "4:25: the output is not valid for the JSON Schema",
      "FUZZ_OUTPUT_INVALID",
    ],
    [
      `spec: a\noutput: [${Array.from({ length: 5000 }, (_, index) => `a${index}`).join()}]`,
      "2:9: The output is not right",
      "FUZZ_OUTPUT_INVALID",
    ],
    ["spec: *b", "1:7: expected a spec in plain English", "FUZZ_FILE_INVALID"],
    ["spec: a\n---\nspec: b", "2:1: Source contains multiple documents", "FUZZ_YAML_SYNTAX"],
    ["spec: a\noutput: &a { b: *a }", "2:12: expected a value as in JSON", "FUZZ_FILE_INVALID"],
  ])("says where %j is wrong", (text, message, code) => {
    const error = catchError(() => parse(text));
    expect(error.message.slice(0, "a.fuzz.yaml:".length + message.length)).toBe(
      `a.fuzz.yaml:${message}`,
    );
    expect(error).toMatchObject({ code, kind: "usage" });
  });

  test("says what an unknown key most likely means", () => {
    expect(catchError(() => parse("spec: a\nexmaples: []")).hint).toMatch(
      /^Did you mean examples\? The keys here are name, spec, examples, /,
    );
  });

  test.each([
    ["brackets", `spec: ${"[".repeat(100_000)}`],
    ["dashes", "- ".repeat(50_000)],
    [
      "indentation",
      Array.from({ length: 2000 }, (_, level) => `${" ".repeat(level)}a:`).join("\n"),
    ],
  ])("refuses %s without end", (_name, text) => {
    expect(catchError(() => parse(text)).message).toMatch(/ is nested deeper than \d+ levels$/);
  });

  test("brackets in text do not count", () => {
    const examples =
      "  - { input: '[[[', output: '{{{' }\n  - input: |\n      [[[\n    output: x\n";
    const text = `spec: a\nexamples:\n${examples.replaceAll("[[[", "[".repeat(150))}`;
    expect(parse(text).examples).toHaveLength(2);
  });

  test("refuses aliases that explode", () => {
    const bomb = Array.from(
      { length: 20 },
      (_, level) => `  a${level + 1}: &a${level + 1} [*a${level}, *a${level}, *a${level}]`,
    );
    const text = `spec: a\noutput:\n  a0: &a0 [x, x]\n${bomb.join("\n")}`;
    expect(catchError(() => parse(text)).message).toMatch(/expected a value as in JSON/);
  });

  test("any text gives a function or an error that says where", () => {
    const word = fc.constantFrom(
      ...["spec", "output", "examples", "tests", "input", ":", "-", " ", "\n", "  "],
      ...[
        "[",
        "]",
        "{",
        "}",
        ",",
        "&a",
        "*a",
        "|",
        ">",
        '"',
        "'",
        "null",
        "1",
        "text",
        "json",
        "!!",
        "?",
      ],
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(word, { maxLength: 40 }).map((words) => words.join("")),
      fc.array(word, { maxLength: 40 }).map((words) => `spec: a\n${words.join("")}`),
    );
    fc.assert(
      fc.property(text, (text) => {
        try {
          expect(typeof parse(text).spec).toBe("string");
        } catch (error) {
          expect(FuzzError.isInstance(error), String(error)).toBe(true);
          expect((error as Error).message).toMatch(/^a\.fuzz\.yaml:\d+:\d+: /);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test("reads every example of the repository", async () => {
    const folder = fileURLToPath(new URL("../../../examples/", import.meta.url));
    const names = (await readdir(folder)).filter((name) => name.endsWith(".fuzz.yaml"));
    expect(names.length).toBeGreaterThanOrEqual(8);
    for (const name of names) {
      const file = parse(await readFile(`${folder}${name}`, "utf8"));
      expect(file.examples.length, name).toBeGreaterThanOrEqual(8);
      expect(file.tests.length, name).toBeGreaterThanOrEqual(12);
    }
  });
});

function catchError(call: () => unknown): FuzzError {
  try {
    call();
  } catch (error) {
    return error as FuzzError;
  }
  throw new Error("It did not throw");
}

test("`optimise` names how much work the compiler puts in", () => {
  expect(parse("spec: x\noptimise: 2").level).toBe("O2");
  expect(parse("spec: x\noptimise: 3").level).toBe("O3");
  expect(parse("spec: x").level).toBeUndefined();
  expect(catchError(() => parse("spec: x\noptimise: 5")).message).toContain("2:11");
});
