import fc from "fast-check";
import { expect, test } from "vitest";
import { functionIdentifier, outputTypeName } from "./function-identifier.ts";

test.each([
  ["triage", "triage", "TriageOutput"],
  ["log-repair", "logRepair", "LogRepairOutput"],
  ["Pick-Snippet_2", "pickSnippet_2", "PickSnippet_2Output"],
  ["json5-to-json", "json5ToJson", "Json5ToJsonOutput"],
  ["2nd-try", "_2ndTry", "_2ndTryOutput"],
  ["delete", "_delete", "_deleteOutput"],
  ["größe", "größe", "GrößeOutput"],
  ["-", "_", "_Output"],
])("%s", (name, identifier, type) => {
  expect(functionIdentifier(name)).toBe(identifier);
  expect(outputTypeName(name)).toBe(type);
});

test("every name gives a word that can be exported", () => {
  const names = fc.stringMatching(/^[\p{L}\p{N}_][\p{L}\p{N}_-]{0,20}$/u);
  fc.assert(
    fc.property(names, (name) => {
      const identifier = functionIdentifier(name);
      expect(() => new Function(`"use strict"; const ${identifier} = 1;`)).not.toThrow();
    }),
  );
});
