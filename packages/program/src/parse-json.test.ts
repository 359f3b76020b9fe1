import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson } from "./canonical-json.ts";
import { FuzzError } from "./errors.ts";
import { parseJson } from "./parse-json.ts";

test("JSON text gives its value", () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      try {
        expect(parseJson(text, "text")).toEqual(JSON.parse(text));
      } catch (error) {
        expect(FuzzError.isInstance(error) && text.includes("__proto__")).toBe(true);
      }
    }),
  );
});

test("any text gives a value or a FuzzError", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      try {
        parseJson(text, "text");
      } catch (error) {
        expect(FuzzError.isInstance(error)).toBe(true);
      }
    }),
  );
});

test.each([
  ["nested too deep", `${"[".repeat(100)}${"]".repeat(100)}`],
  ["nested without end", "[".repeat(1_000_000)],
  ["nested so deep that a walk would overflow", `${"[".repeat(1e6)}${"]".repeat(1e6)}`],
  ["longer than the limit", `"${"a".repeat(8 * 1024 ** 2)}"`],
  ["with a prototype", '{"a": [{"__proto__": {"polluted": true}}]}'],
  ["cut short", '{"a": 1'],
  ["empty", ""],
])("text that is %s is refused", (_, text) => {
  expect(() => parseJson(text, "meta.json")).toThrow(
    expect.objectContaining({ code: "FUZZ_JSON_INVALID" }),
  );
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});

test("canonical text does not depend on the order of keys, but for the ordered value", () => {
  const first = { b: [{ y: 1, x: 2 }], a: { ordered: { z: { q: 1, p: 2 }, c: 2 } } };
  const second = { a: { ordered: { z: { q: 1, p: 2 }, c: 2 } }, b: [{ x: 2, y: 1 }] };
  const other = { ...second, a: { ordered: { c: 2, z: { q: 1, p: 2 } } } };
  expect(canonicalJson(first, ["a", "ordered"])).toBe(canonicalJson(second, ["a", "ordered"]));
  expect(canonicalJson(first, ["a", "ordered"])).not.toBe(canonicalJson(other, ["a", "ordered"]));
  expect(canonicalJson(first, [])).not.toBe(canonicalJson(second, []));
  expect(Object.keys(JSON.parse(canonicalJson(first, ["a", "ordered"])).a.ordered)).toEqual([
    "z",
    "c",
  ]);
});
