import fc from "fast-check";
import { expect, test } from "vitest";
import { FuzzError } from "./errors.ts";
import { formatInput, inputNamesSchema } from "./format-input.ts";

test("text stays as it is where inputs have no names", () => {
  expect(formatInput("query: x", undefined)).toBe("query: x");
});

test("named inputs become a line each, in the declared order", () => {
  expect(formatInput({ snippet: "a\nb", query: "copy" }, ["query", "snippet"])).toBe(
    "query: copy\nsnippet: a\nb",
  );
});

test.each([
  [{ query: "x" }, "The input lacks snippet"],
  [{ query: "x", snippet: "y", id: "z" }, 'The input has an unknown name "id"'],
  [{ query: "x", snippet: 7 }, "The input has number as snippet, not text"],
  [{ query: "x", snippet: null }, "The input has null as snippet, not text"],
  ["x", "The input is string, not its named texts"],
  [["x", "y"], "The input is a list, not its named texts"],
  [undefined, "The input is undefined, not its named texts"],
])("refuses %j", (input, message) => {
  expect(() => formatInput(input, ["query", "snippet"])).toThrow(
    expect.objectContaining({
      message,
      code: "FUZZ_INPUT_INVALID",
      hint: "It takes { query, snippet }, each of them text.",
    }),
  );
});

test("refuses named inputs of a function of plain text", () => {
  expect(() => formatInput({ query: "x" }, undefined)).toThrow("The input is an object, not text");
});

test("any value gives text or an error of ours", () => {
  const names = fc.option(fc.constant(["query", "toString"]), { nil: undefined });
  fc.assert(
    fc.property(fc.anything({ withNullPrototype: true }), names, (input, names) => {
      try {
        expect(typeof formatInput(input, names)).toBe("string");
      } catch (error) {
        expect(FuzzError.isInstance(error), String(error)).toBe(true);
      }
    }),
  );
});

test.each([[[]], [["a", "a"]], [["output"]], [["__proto__"]], [["two words"]], [["1st"]]])(
  "refuses the names %j",
  (names) => {
    expect(inputNamesSchema.safeParse(names).success).toBe(false);
  },
);
