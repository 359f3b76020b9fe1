import { expect, test } from "vitest";
import { measureGrammarDepth } from "./grammar-depth.ts";

test("counts nested brackets, but not those in strings, classes and comments", () => {
  expect(measureGrammarDepth('root ::= "a"')).toBe(0);
  expect(measureGrammarDepth('root ::= (("a") ("b"))*')).toBe(2);
  expect(measureGrammarDepth('root ::= "(((\\"(" [(\\](] # ((((\n  ("a")')).toBe(1);
});
