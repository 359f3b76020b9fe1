import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fuzzy } from "./fuzzy.ts";
import { load } from "./load.ts";
import { useTestHome } from "./test-home.fixture.ts";

useTestHome();

const examples = [
  { input: "3 April 2024", output: "2024-04-03" },
  { input: "12 May 1999", output: "1999-05-12" },
  { input: "1 January 2030", output: "2030-01-01" },
  { input: "30 June 2011", output: "2011-06-30" },
];

test("a text function abstains from what is unlike its examples, also when it is loaded", async () => {
  const spec = "Write the date as year-month-day.";
  await using toDate = await fuzzy({ spec, examples, otherwise: null, level: "O0" });
  const outside = "Could you please send the printer back to the shop?";
  const own = await toDate.detail("24 August 2016");
  expect(own.inSpec).toBeGreaterThan(0.5);
  expect(await toDate.detail(outside)).toMatchObject({ output: null, abstained: true });

  const folder = await mkdtemp(join(tmpdir(), "fuzzc-"));
  try {
    const path = join(folder, "date.paw");
    await toDate.save(path);
    await using loaded = await load(path);
    expect((await loaded.detail("24 August 2016")).inSpec).toBe(own.inSpec);
    expect(await loaded(outside)).toBeNull();
  } finally {
    await rm(folder, { recursive: true });
  }
});
