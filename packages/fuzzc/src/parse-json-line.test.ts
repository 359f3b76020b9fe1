import fc from "fast-check";
import { expect, test } from "vitest";
import { parseJsonLine } from "./parse-json-line.ts";

test.each([
  ['"a\\nb"', "a\nb"],
  ['{"input":"a","id":7}', "a"],
  ['{"input":{"b":[1, 2]}}', '{"b":[1,2]}'],
  ['{"input":null}', "null"],
])("takes the input out of %s", (text, input) => {
  expect(parseJsonLine({ number: 1, text })).toEqual({ number: 1, text: input });
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

test("any text gives an input or an error", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      const line = parseJsonLine({ number: 1, text });
      expect("error" in line || typeof line.text === "string").toBe(true);
    }),
  );
});
