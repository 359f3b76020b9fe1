import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Journal } from "./journal.ts";
import type { Question } from "./teacher.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fuzzc-journal-"));
});
afterAll(() => rm(folder, { recursive: true }));

const ask = (text: string): Question => ({
  instructions: "",
  text,
  item: {},
  definitions: {},
  count: 1,
});
const reply = { items: [{ input: "a\n", output: null }], tokens: { input: 1, output: 2 } };

test("knows what was answered, and what failed, when it is opened again", async () => {
  const path = join(folder, "new", "a.jsonl");
  {
    await using journal = await Journal.open(path);
    await journal.add(ask("one"), reply);
    await journal.add(ask("two"), { failed: "it wrote nothing" });
  }
  await using again = await Journal.open(path);
  expect(again.get(ask("one"))).toEqual(reply);
  expect(again.get(ask("two"))).toEqual({ failed: "it wrote nothing" });
  expect(again.get(ask("three"))).toBeUndefined();
  if (process.platform !== "win32") {
    expect((await stat(path)).mode & 0o077).toBe(0);
  }
});

test("opens whatever the file holds, and what is added then is there", async () => {
  const path = join(folder, "b.jsonl");
  const line = JSON.stringify({ question: "q", ...reply });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(fc.uint8Array(), fc.constant(Buffer.from(`${line}\n`)))),
      async (pieces) => {
        await writeFile(path, Buffer.concat(pieces));
        {
          await using journal = await Journal.open(path);
          await journal.add(ask("x"), reply);
        }
        await using again = await Journal.open(path);
        expect(again.get(ask("x"))).toEqual(reply);
        expect((await readFile(path, "utf8")).endsWith("\n")).toBe(true);
      },
    ),
    { numRuns: 30 },
  );
});

test("says when it can't be written", async () => {
  await writeFile(join(folder, "file"), "");
  await expect(Journal.open(join(folder, "file", "c.jsonl"))).rejects.toMatchObject({
    code: "FUZZ_CACHE_UNWRITABLE",
  });
});
