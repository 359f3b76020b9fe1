import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { readCorpus, splitCorpus, wordFunction } from "./corpus.ts";

const folder = fileURLToPath(new URL("../../../corpus", import.meta.url));

test("the split is the one the compiler was trained with", async () => {
  const functions = await readCorpus(folder);
  const parts = splitCorpus(functions);
  expect(functions.length).toBe(905);
  expect(parts.heldout.length + parts.validation.length + parts.train.length).toBe(905);
  // As split_corpus of training/ prints them.
  expect([parts.heldout.length, parts.validation.length]).toEqual([90, 46]);
  expect(parts.heldout.slice(0, 3).map((entry) => entry.id)).toEqual([
    "assistant-clock-shift",
    "assistant-sql-where",
    "assistant-sort-spec",
  ]);
});

test("cases are told in the labels of the wording", async () => {
  for (const entry of await readCorpus(folder)) {
    const { output, cases } = wordFunction(entry, 4);
    if (output.type === "labels") {
      expect(cases.every((one) => output.labels.includes(one.output))).toBe(true);
    }
  }
});
