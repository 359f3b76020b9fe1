import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { fuzzy } from "./fuzzy.ts";
import { loadOnCall } from "./load-on-call.ts";
import { useTestHome } from "./test-home.fixture.ts";

const home = useTestHome();

test("loads at the first call, and again at a call after it was disposed", async () => {
  const path = join(home(), "review.paw");
  const judge = loadOnCall<"good" | "bad">(pathToFileURL(path));
  await expect(judge("fine")).rejects.toMatchObject({ code: "FUZZ_FILE_NOT_FOUND" });

  await using compiled = await fuzzy({
    spec: "Is the review good or bad?",
    output: ["good", "bad"],
  });
  await compiled.save(path);
  const inputs = ["I loved it", "A waste of time"];
  const expected = [await compiled(inputs[0]!), await compiled(inputs[1]!)];
  expect(await judge(inputs[0]!)).toBe(expected[0]);
  expect((await judge.detail(inputs[1]!)).output).toBe(expected[1]);
  const outputs = [];
  for await (const output of judge.map(inputs)) {
    outputs.push(output);
  }
  expect(outputs).toEqual(expected);
  const states = [];
  for await (const { status } of judge.mapSettled([...inputs, 7 as unknown as string])) {
    states.push(status);
  }
  expect(states).toEqual(["fulfilled", "fulfilled", "rejected"]);

  const loaded = await judge.load();
  expect(await judge.load()).toBe(loaded);
  expect(loaded.program).toEqual(compiled.program);
  await judge.dispose();
  await judge.dispose();
  await expect(loaded("fine")).rejects.toMatchObject({ code: "FUZZ_DISPOSED" });
  expect(await judge(inputs[0]!)).toBe(expected[0]);
  await judge[Symbol.asyncDispose]();
});

test("a program is not fetched from the net", async () => {
  const judge = loadOnCall(new URL("https://example.org/review.paw"));
  await expect(judge("fine")).rejects.toMatchObject({ code: "FUZZ_OPTION_INVALID" });
});
