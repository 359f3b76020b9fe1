import { expect, test } from "vitest";
import { isRight } from "./is-right.ts";

test("JSON is right whatever way its numbers are written, and text to the letter", () => {
  expect(isRight('{"temp":31.0}', '{"temp":31}', "json")).toBe(true);
  expect(isRight('{"temp":31.5}', '{"temp":31}', "json")).toBe(false);
  expect(isRight('{"temp":31', '{"temp":31}', "json")).toBe(false);
  expect(isRight("31.0", "31", "text")).toBe(false);
});
