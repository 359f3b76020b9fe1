import { FuzzError } from "@fuzzc/program";
import { expect, test } from "vitest";
import { type CompileRequest, checkRequest } from "./compile-request.ts";

const labels = { type: "labels" as const, labels: ["now", "later"] };

function codeOf(request: CompileRequest): string | undefined {
  try {
    checkRequest(request);
  } catch (error) {
    return FuzzError.isInstance(error) ? error.code : String(error);
  }
  return undefined;
}

test.each<[string | undefined, CompileRequest]>([
  [undefined, { spec: "How soon?", output: labels }],
  ["FUZZ_EMPTY_SPEC", { spec: " \n ", output: labels }],
  ["FUZZ_OPTION_INVALID", { spec: "How soon?", output: labels, minProbability: 1.5 }],
  ["FUZZ_OPTION_INVALID", { spec: "How soon?", output: labels, minProbability: Number.NaN }],
  [
    "FUZZ_UNKNOWN_LABEL",
    { spec: "How soon?", output: labels, examples: [{ input: "x", output: "laterr" }] },
  ],
  [
    "FUZZ_EXAMPLE_NOT_JSON",
    { spec: "x", output: { type: "json" }, examples: [{ input: "x", output: '{"a": 1}' }] },
  ],
  [
    "FUZZ_EXAMPLE_NOT_JSON",
    { spec: "x", output: { type: "json" }, examples: [{ input: "x", output: "{" }] },
  ],
  [
    "FUZZ_EXAMPLE_INVALID",
    {
      spec: "x",
      output: { type: "json", schema: { properties: { a: { type: "string" } } } },
      examples: [
        { input: "x", output: '{"a":"1"}' },
        { input: "y", output: '{"a":1}' },
      ],
    },
  ],
  ["FUZZ_SCHEMA_INVALID", { spec: "x", output: { type: "json", schema: { type: "text" } } }],
  [
    "FUZZ_CONFLICTING_EXAMPLES",
    {
      spec: "x",
      output: labels,
      examples: [
        { input: "a", output: "now" },
        { input: "a", output: "later" },
      ],
    },
  ],
])("%s", (code, request) => {
  expect(codeOf(request)).toBe(code);
});
