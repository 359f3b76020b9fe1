import { FuzzError, type JsonValue } from "@fuzzc/program";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Detail } from "../fuzzy-function.ts";
import type { CaseOutcome, TestOutcome } from "./outcome.ts";
import { renderJunit } from "./render-junit.ts";
import { readXml } from "./xml.fixture.ts";

function answered(input: string, expected: string, output: string): CaseOutcome {
  const detail = {
    output,
    text: output,
    probability: 0.5,
    abstained: false,
    timings: { queueMs: 900, prefixMs: 0, inputMs: 3, outputMs: 1, totalMs: 904 },
  } as Detail<JsonValue>;
  return { kind: "test", input, expected, passed: expected === output, detail };
}

function tested(name: string, tests: CaseOutcome[]): TestOutcome {
  const path = "a.fuzz.yaml";
  const examples = [{ ...answered("e", "x", "x"), kind: "example" as const }];
  const rest = { requiredScore: 1, passed: false, examples, tests };
  return { state: "tested", path, name, address: `${path}#${name}`, ...rest };
}

test("tests are cases with their time; failures say what was expected and given", () => {
  const error = new FuzzError("Too long", { code: "FUZZ_INPUT_TOO_LONG" });
  const xml = renderJunit([
    tested("one", [
      answered("<b> & 'c'\n\"d\"", "now", "now"),
      answered("x".repeat(300), "now", "later"),
      { kind: "test", input: { q: "a", r: "b" }, expected: "now", passed: false, error },
    ]),
    { state: "untested", path: "b.fuzz.yaml", name: "b", address: "b.fuzz.yaml" },
    { state: "failed", path: "c.fuzz.yaml", error: new FuzzError("Bad", { code: "FUZZ_BAD" }) },
  ]);
  const [suites] = readXml(xml);
  expect(suites?.attributes).toMatchObject({ tests: "4", failures: "1", errors: "2" });
  const [one, broken, none] = suites?.children ?? [];
  expect(none).toBeUndefined();
  expect(one?.attributes).toEqual({
    name: "a.fuzz.yaml#one",
    file: "a.fuzz.yaml",
    tests: "3",
    failures: "1",
    errors: "1",
    time: "0.0080",
  });
  const [properties, right, wrong, long] = one?.children ?? [];
  expect(properties?.children.map(({ attributes }) => attributes)).toEqual([
    { name: "score", value: `${1 / 3}` },
    { name: "requiredScore", value: "1" },
    { name: "examples", value: "1 of 1" },
  ]);
  expect(right).toMatchObject({
    name: "testcase",
    attributes: { name: "<b> & 'c'\n\"d\"", classname: "one", time: "0.0040" },
    children: [],
  });
  expect(wrong?.attributes.name).toHaveLength(201);
  expect(wrong?.children[0]).toMatchObject({
    name: "failure",
    attributes: { message: 'expected "now", got "later" (probability 0.50)' },
    text: `input    ${"x".repeat(300)}\nexpected "now"\ngot      "later" (probability 0.50)`,
  });
  expect(long?.attributes.name).toBe("q: a\nr: b");
  expect(long?.children[0]).toMatchObject({
    name: "error",
    attributes: { message: 'expected "now", got Too long (FUZZ_INPUT_TOO_LONG)' },
  });
  expect(broken?.children[0]?.children[0]?.attributes.message).toBe("Bad (FUZZ_BAD)");
});

test("any text gives well-formed XML that says it again", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary", maxLength: 30 }),
    fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 }).map((units) => {
      return String.fromCharCode(...units);
    }),
    fc.constantFrom("]]>", "<![CDATA[", "<!--", "\0", "\r\n", "\ud800", "&amp;"),
  );
  fc.assert(
    fc.property(text, text, (input, output) => {
      const [suites] = readXml(renderJunit([tested("one", [answered(input, "right", output)])]));
      const testcase = suites?.children[0]?.children[1];
      // biome-ignore lint/suspicious/noControlCharactersInRegex: what XML can't hold
      const holdable = input.replace(/[\p{Cs}\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/gu, "\ufffd");
      expect(testcase?.attributes.name).toBe(holdable);
      expect(testcase?.children).toHaveLength(output === "right" ? 0 : 1);
    }),
  );
});
