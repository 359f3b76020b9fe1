import { expect, test } from "vitest";
import { Duplicates } from "./duplicates.ts";

test("knows duplicates, exact and near, and lets near misses be", () => {
  const known = new Duplicates([{ input: "Site is down!", output: "now" }]);
  const add = (input: string, output: string) => known.add({ input, output });
  // The user's own win, whatever the teacher says of them.
  expect(add("site is  DOWN", "later")).toBe(false);
  expect(add("All good", "later")).toBe(true);
  expect(add(" All good ", "now")).toBe(false);
  expect(add("all good.", "later")).toBe(false);
  expect(add("ALL GOOD", "now")).toBe(true);
  expect(add("Ａｌｌ ｇｏｏｄ", "later")).toBe(false);
  expect(add("!?", "later")).toBe(true);
  expect(add("?!", "later")).toBe(true);
});
