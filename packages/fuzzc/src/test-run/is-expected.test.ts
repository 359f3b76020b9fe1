import { expect, test } from "vitest";
import { isExample, isExpected } from "./is-expected.ts";

const labels = { type: "labels" as const, labels: ["a", "b"] };
const json = { type: "json" as const };
const given = (text: string, output: never | unknown = text) =>
  ({ abstained: false, text, output }) as Parameters<typeof isExpected>[0];
const withheld = (text: string, output: unknown) => ({ ...given(text, output), abstained: true });

test("an answer is right when it is the label or the text", () => {
  expect(isExpected(given("a"), "a", labels)).toBe(true);
  expect(isExpected(given("b"), "a", labels)).toBe(false);
  expect(isExpected(given("1"), 1, { type: "text" })).toBe(true);
});

test("JSON is compared as a value, whatever the order of its keys", () => {
  expect(isExpected(given('{"b":1,"a":[2]}'), { a: [2], b: 1 }, json)).toBe(true);
  expect(isExpected(given('{"b":1}'), '{"b": 1}', json)).toBe(true);
  expect(isExpected(given('{"b":1}'), { b: "1" }, json)).toBe(false);
  expect(isExpected(given("null", null), null, json)).toBe(true);
  expect(isExample(given('{"b":1,"a":2}'), '{"a":2,"b":1}', json)).toBe(true);
  expect(isExample(given('"7"', "7"), '"7"', json)).toBe(true);
  expect(isExample(given("7", 7), '"7"', json)).toBe(false);
});

test("null stands for any abstention, and nothing else does", () => {
  expect(isExpected(withheld("a", null), null, labels)).toBe(true);
  expect(isExpected(withheld("a", "unsure"), null, labels)).toBe(true);
  expect(isExpected(withheld("a", "unsure"), "unsure", labels)).toBe(true);
  expect(isExpected(withheld("a", "unsure"), "a", labels)).toBe(false);
  expect(isExpected(given("a"), null, labels)).toBe(false);
  expect(isExpected(given("null"), null, { type: "text" })).toBe(false);
  expect(isExpected(given("a"), { none: true }, labels)).toBe(false);
  expect(isExample(withheld("a", null), "a", labels)).toBe(false);
});
