import { expect, test } from "vitest";
import { chooseLevel } from "./teacher-flags.ts";

test.each([
  [{}, undefined, undefined],
  [{}, "O2", "O2"],
  [{ level: "O1" }, "O3", "O1"],
  [{ teacher: "x.gguf" }, undefined, "O3"],
  [{ teacher: "x.gguf", level: "O3" }, "O1", "O3"],
  [{ teacher: "x.gguf" }, "O2", "O3"],
] as const)("%j, with %j in the file, is %j", (flags, fileLevel, level) => {
  expect(chooseLevel(flags, fileLevel)).toBe(level);
});

test.each([
  [{ level: "O3" }, undefined, "-O3 takes a teacher"],
  [{}, "O3", "-O3 takes a teacher"],
  [{ keepPairs: "a.jsonl" }, undefined, "--keep-pairs takes a teacher"],
  [{ teacher: "x.gguf", level: "O1" }, undefined, "nothing to do at -O1"],
] as const)("refuses %j, with %j in the file", (flags, fileLevel, trouble) => {
  expect(() => chooseLevel(flags, fileLevel)).toThrow(trouble);
});
