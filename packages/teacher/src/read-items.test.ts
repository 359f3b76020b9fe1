import fc from "fast-check";
import { expect, test } from "vitest";
import { readItems } from "./read-items.ts";
import { UnusableAnswer } from "./teacher.ts";

test.each([
  ['{"items":[1,2]}', [1, 2]],
  ["[1,2,3,4]", [1, 2, 3]],
  ['```json\n{"items":[1]}\n```', [1]],
  ['So: {"items":[1]} done', [1]],
  ["<think>[9]</think> [1]", [1]],
])("reads %j", (text, items) => {
  expect(readItems(text, 3)).toEqual(items);
});

test("any text gives items or says that it can't be used", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      try {
        expect(readItems(text, 3).length).toBeLessThanOrEqual(3);
      } catch (error) {
        expect(error).toBeInstanceOf(UnusableAnswer);
      }
    }),
  );
});
