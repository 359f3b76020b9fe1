import { expect, test } from "vitest";
import { askForOutputs, readOutputs } from "./ask-for-outputs.ts";

test("the second pass sees inputs, one a line, and no output", () => {
  const request = { spec: "Say hello.", output: { type: "text" as const }, examples: [] };
  const { text } = askForOutputs(request, ["two\nlines", { a: "named" }]);
  expect(text).toContain('\n1. "two\\nlines"\n2. {"a":"named"}\n');
});

test("puts outputs where their numbers say, and drops what is unclear", () => {
  const items = [
    { number: 2, output: "b" },
    { number: 1, output: "a" },
    { number: 3, output: "c" },
    { number: 3, output: "d" },
    { number: 9, output: "x" },
    { number: 1.5, output: "x" },
    "x",
    null,
    { output: "x" },
  ];
  expect(readOutputs(items, 4)).toEqual(["a", "b", undefined, undefined]);
});
