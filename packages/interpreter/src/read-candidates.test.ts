import fc from "fast-check";
import { expect, test } from "vitest";
import { listMarks, readCandidates } from "./read-candidates.ts";

const read = (input: string, labels: string[]) => {
  const { query, candidates } = readCandidates(input, labels) ?? { candidates: [] };
  return [query, ...candidates.map(({ label, text }) => `${label}=${text}`)];
};

test.each<[string, string[], unknown[]]>([
  [
    "keys of an object. a) o.size b) Object.keys(o)",
    ["a", "b"],
    ["keys of an object.", "a=o.size", "b=Object.keys(o)"],
  ],
  ["need\nA: x.y()\nB: z", ["B", "A"], ["need", "A=x.y()", "B=z"]],
  ["Rents climbed. / 1 Wages 2 Rents", ["1", "2"], ["Rents climbed.", "1=Wages", "2=Rents"]],
  ["A - one | (B) two", ["A", "B", "none"], ["", "A=one", "B=two"]],
  ["only A: one, B: two", ["A", "B", "C"], ["only", "A=one", "B=two"]],
  ["The dog barked.", ["A", "B"], [undefined]],
  ["A: one", ["A", "B"], [undefined]],
  ["yes: one no: two", ["yes", "no"], [undefined]],
])("%s", (input, labels, expected) => {
  expect(read(input, labels)).toEqual(expected);
});

test("marks are in the order of a list", () => {
  expect(listMarks(["none", "10", "2", "b", "a"])).toEqual(["2", "10", "a", "b"]);
});

test("any input and labels are read without trouble", () => {
  fc.assert(
    fc.property(fc.string(), fc.uniqueArray(fc.string()), (input, labels) => {
      for (const { label, text } of readCandidates(input, labels)?.candidates ?? []) {
        expect(labels).toContain(label);
        expect(input).toContain(text);
      }
    }),
  );
});
