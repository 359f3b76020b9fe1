import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { testModelPath } from "@fuzzc/llama";
import { afterAll, beforeAll, expect, test } from "vitest";
import { askForPairs } from "./ask-for-pairs.ts";
import { openLocalTeacher } from "./open-local-teacher.ts";
import type { PairsRequest } from "./pairs-request.ts";
import { openPairReader } from "./read-pair.ts";
import type { Teacher } from "./teacher.ts";
import { writePairs } from "./write-pairs.ts";

const mood: PairsRequest = {
  spec: "Is the review good or bad?",
  output: { type: "labels", labels: ["good", "bad"] },
  examples: [
    { input: "I loved every minute", output: "good" },
    { input: "A waste of time", output: "bad" },
  ],
};

let teacher: Teacher;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fuzzc-teacher-"));
  teacher = await openLocalTeacher(testModelPath());
});
afterAll(async () => {
  await teacher[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

test.each<[string, number, PairsRequest]>([
  ["labels", 2, mood],
  [
    "JSON and named inputs",
    1,
    {
      spec: "Take the item and how many of it out of an order.",
      inputs: ["shop", "text"],
      output: {
        type: "json",
        schema: {
          type: "object",
          properties: { item: { type: "string" }, count: { type: "integer", minimum: 1 } },
          required: ["item", "count"],
          additionalProperties: false,
        },
      },
      examples: [],
    },
  ],
])("writes items of the declared form: %s", async (_, count, request) => {
  const question = askForPairs({ request, kept: [], written: [], number: 0, count });
  const { items, tokens } = await teacher.ask(question);
  expect(items).toHaveLength(count);
  expect(tokens.input).toBeGreaterThan(100);
  const reader = openPairReader(request);
  for (const item of items as { output: string }[]) {
    expect(reader.readOutput(item.output)).toBeDefined();
  }
});

test("writes pairs that a second pass agrees with", async () => {
  const { pairs, report } = await writePairs(
    { ...mood, examples: [] },
    { teacher, count: 2, folder },
  );
  expect(pairs.length).toBeGreaterThan(0);
  for (const { example } of pairs) {
    expect(["good", "bad"]).toContain(example.output);
  }
  expect(report.rejected).toBe(0);
});

test("ends when it is cancelled", async () => {
  const question = askForPairs({ request: mood, kept: [], written: [], number: 9, count: 2 });
  await expect(teacher.ask(question, AbortSignal.abort())).rejects.toMatchObject({
    code: "FUZZ_CANCELLED",
  });
});

test("says what is wrong with a file", async () => {
  await expect(openLocalTeacher(join(folder, "none.gguf"))).rejects.toMatchObject({
    code: "FUZZ_MODEL_NOT_FOUND",
  });
});
