import { expect, test } from "vitest";
import { readCorpus, readFunctions } from "./corpus.ts";
import { root } from "./open-models.ts";
import { isJsonRepair, repairJson } from "./repair-json.ts";

test("what a parser rejects is repaired and made compact, or given up", () => {
  expect(repairJson("{a: 1, b: [2, 3}")).toBe('{"a":1,"b":[2,3]}');
  expect(repairJson('{"a" ] : }{')).toBeNull();
});

test("JSON repair is found in the corpus, and is all that the generated functions are", async () => {
  const found = (await readCorpus(`${root}corpus`)).filter(isJsonRepair).map(({ id }) => id);
  expect(found).toContain("devops-json-mend");
  const generated = await readFunctions(`${root}packages/bench/functions/json-repair.jsonl`);
  expect(generated.every(isJsonRepair)).toBe(true);
});
