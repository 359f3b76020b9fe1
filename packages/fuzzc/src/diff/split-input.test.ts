import { formatInput } from "@fuzzc/program";
import fc from "fast-check";
import { expect, test } from "vitest";
import { splitInput } from "./split-input.ts";

test("gives an input of the same text", () => {
  const text = fc.oneof(fc.string(), fc.constantFrom("r: \nr: ", "q: a\nr: b", "\n"));
  fc.assert(
    fc.property(text, text, (q, r) => {
      const written = formatInput({ q, r }, ["q", "r"]);
      expect(formatInput(splitInput(written, ["q", "r"]), ["q", "r"])).toBe(written);
    }),
  );
  expect(splitInput("q: a\nr: b\nc", ["q", "r"])).toEqual({ q: "a", r: "b\nc" });
  expect(splitInput("plain", undefined)).toBe("plain");
  expect(splitInput("q: a", ["q", "r"])).toBeUndefined();
});
