import { join } from "node:path";
import { expect, test } from "vitest";
import { fuzzy } from "./fuzzy.ts";
import { load } from "./load.ts";
import { useTestHome } from "./test-home.fixture.ts";

const home = useTestHome();
const rank = {
  spec: "Does the snippet answer the query? fits: it does. other: it is about something else.",
  inputs: ["query", "snippet"],
  output: ["fits", "other"],
} as const;
const pair = { query: "copy a file", snippet: "fs.copyFile(from, to)" };

test("a function of two texts takes an object, in any order of its keys", async () => {
  await using judge = await fuzzy({
    ...rank,
    examples: [{ input: { snippet: "x + 1", query: "add one" }, output: "fits" }],
  });
  const detail = await judge.detail(pair);
  expect(judge.program.meta.inputs).toEqual(["query", "snippet"]);
  const turned = { snippet: pair.snippet, query: pair.query };
  expect((await judge.detail(turned)).labels).toEqual(detail.labels);
  expect((await judge.detail({ ...pair, query: "paint a wall" })).labels).not.toEqual(
    detail.labels,
  );
  const path = join(home(), "rank.paw");
  await judge.save(path);
  await using loaded = await load<"fits" | "other", typeof pair>(path);
  expect((await loaded.detail(pair)).labels).toEqual(detail.labels);
});

test("an input of another form is refused, and in a list only itself", async () => {
  await using judge = await fuzzy(rank);
  const wrong = "copy a file" as unknown as typeof pair;
  await expect(judge(wrong)).rejects.toMatchObject({ code: "FUZZ_INPUT_INVALID" });
  const states = [];
  for await (const { status } of judge.mapSettled([pair, wrong, pair])) {
    states.push(status);
  }
  expect(states).toEqual(["fulfilled", "rejected", "fulfilled"]);
  const outputs = [];
  for await (const output of judge.map([pair, pair])) {
    outputs.push(output);
  }
  expect(outputs).toEqual([await judge(pair), await judge(pair)]);
});
