import fc from "fast-check";
import { expect, test } from "vitest";
import { parseJsonLine } from "./parse-json-line.ts";

test.each([
  ['"a\\nb"', "a\nb"],
  ['{"input":"a","id":7}', "a"],
  ['{"input":{"b":[1, 2]}}', '{"b":[1,2]}'],
  ['{"input":null}', "null"],
])("takes the input out of %s", (text, input) => {
  expect(parseJsonLine({ number: 1, text })).toEqual({ number: 1, input });
});

test.each([
  ["a", "FUZZ_JSON_INVALID", "Line 3 is not JSON"],
  ["[1]", "FUZZ_INPUT_INVALID", 'Line 3 is neither a JSON string nor an object with "input"'],
  [
    '{"text":"a"}',
    "FUZZ_INPUT_INVALID",
    'Line 3 is neither a JSON string nor an object with "input"',
  ],
])("says what is wrong with %s", (text, code, message) => {
  expect(parseJsonLine({ number: 3, text })).toMatchObject({ number: 3, error: { code, message } });
});

test.each([
  ['{"query":"a","snippet":"b"}', { query: "a", snippet: "b" }],
  ['{"input":{"snippet":[1],"query":7},"id":1}', { query: "7", snippet: "[1]" }],
])("takes named inputs out of %s", (text, input) => {
  expect(parseJsonLine({ number: 1, text }, ["query", "snippet"])).toEqual({ number: 1, input });
});

test.each([
  ['"a"', "The input is string, not its named texts"],
  ['{"query":"a"}', "The input lacks snippet"],
  ['{"query":"a","snippet":"b","id":1}', 'The input has an unknown name "id"'],
])("says what named inputs %s lack", (text, message) => {
  expect(parseJsonLine({ number: 1, text }, ["query", "snippet"])).toMatchObject({
    error: { code: "FUZZ_INPUT_INVALID", message },
  });
});

test("any text gives an input or an error", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      const line = parseJsonLine({ number: 1, text });
      expect("error" in line || typeof line.input === "string").toBe(true);
      const named = parseJsonLine({ number: 1, text }, ["query"]);
      expect("error" in named || typeof named.input === "object").toBe(true);
    }),
  );
});
