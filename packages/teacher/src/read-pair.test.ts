import type { JsonValue } from "@fuzzc/program";
import { expect, test } from "vitest";
import { openPairReader } from "./read-pair.ts";

const labels = openPairReader({
  spec: "Is it even or odd?",
  output: { type: "labels", labels: ["even", "odd"] },
  examples: [],
});

test("reads a pair", () => {
  expect(labels.readPair({ input: " 3 ", output: "odd\n", why: "it is" })).toEqual({
    input: " 3 ",
    output: "odd",
    example: { input: " 3 ", output: "odd" },
  });
});

test.each<[string, JsonValue]>([
  ["no object", "3"],
  ["no input", { output: "odd" }],
  ["an empty input", { input: " ", output: "odd" }],
  ["an input that is no text", { input: 3, output: "odd" }],
  ["an unknown label", { input: "3", output: "Odd" }],
  ["an input that fits no context", { input: "3".repeat(801), output: "odd" }],
  ["half a character", { input: "3\ud800", output: "odd" }],
  ["the prompt's placeholder", { input: "{INPUT_PLACEHOLDER}", output: "odd" }],
])("refuses %s", (_, item) => {
  expect(labels.readPair(item)).toBeUndefined();
});

test("lets inputs be as long as the user's own", () => {
  const example = { input: "x".repeat(2_000), output: "y" };
  const text = openPairReader({ spec: "", output: { type: "text" }, examples: [example] });
  expect(text.readPair({ input: "3".repeat(1_999), output: "z" })).toBeDefined();
  expect(text.readPair({ input: "3", output: " " })).toBeUndefined();
});

test("checks JSON by its schema, and takes any where there is none", () => {
  const output = { type: "json", schema: { type: "array", items: { type: "integer" } } } as const;
  const { schema: _, ...anything } = output;
  const strict = openPairReader({ spec: "", output, examples: [] });
  expect(strict.readOutput([1, 2])?.text).toBe("[1,2]");
  expect(strict.readOutput(["1"])).toBeUndefined();
  const free = openPairReader({ spec: "", output: anything, examples: [] });
  expect(free.readOutput({ a: [null] })?.text).toBe('{"a":[null]}');
});
