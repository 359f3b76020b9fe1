import fc from "fast-check";
import { expect, test } from "vitest";
import { parseCsvHeader } from "./parse-csv-header.ts";

test.each([
  ["id,text\n1,a", ["id", "text"]],
  ["\uFEFFid,text\r\n", ["id", "text"]],
  ['"id, x","te""xt"', ["id, x", 'te"xt']],
  ['"a\nb",c\n', ["a\nb", "c"]],
  [",text,\n", ["column1", "text", "column3"]],
  ["text", ["text"]],
  ["id;text\n", ["id;text"]],
  ["", undefined],
  ["\ntext\n", undefined],
  ['"a" b,c\n', undefined],
  ['"open,c\n', undefined],
])("%j", (text, names) => {
  expect(parseCsvHeader(text, ",")).toEqual(names);
});

test("names come back as they were written, under every delimiter", () => {
  const name = fc.string({ minLength: 1 }).filter((name) => !name.startsWith("\uFEFF"));
  const delimiter = fc.constantFrom(",", ";", "\t", "|");
  fc.assert(
    fc.property(fc.array(name, { minLength: 1 }), delimiter, (names, delimiter) => {
      const line = names.map((name) => `"${name.replaceAll('"', '""')}"`).join(delimiter);
      expect(parseCsvHeader(`${line}\r\n1`, delimiter)).toEqual(names);
    }),
  );
});

test("any text gives names or undefined, in time that does not grow with its quotes", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('"', ",", "\n", "a", "|") }), (text) => {
      const names = parseCsvHeader(text, ",");
      expect(names === undefined || names.length > 0).toBe(true);
    }),
  );
  expect(parseCsvHeader(`"${'""'.repeat(500_000)}`, ",")).toBe(undefined);
});
