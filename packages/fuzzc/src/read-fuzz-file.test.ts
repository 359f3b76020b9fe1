import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FuzzError } from "@fuzzc/program";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readFuzzFile, readFuzzFiles, splitAddress } from "./read-fuzz-file.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fuzzc-read-"));
});

afterAll(() => rm(folder, { recursive: true }));

test.each([
  ["a.fuzz.yaml", "a.fuzz.yaml", undefined],
  ["b/a.yml#triage", "b/a.yml", "triage"],
  ["a.YAML#", "a.YAML", ""],
  ["c#/a.yaml", "c#/a.yaml", undefined],
  ["c.yaml#b/a.yaml", "c.yaml#b/a.yaml", undefined],
  ["a.yaml#b#c", "a.yaml#b#c", undefined],
  ["triage.paw#a", "triage.paw#a", undefined],
])("the address %s has its path and name", (address, path, name) => {
  expect(splitAddress(address)).toEqual({ path, name });
});

test("a function is named by its file, by itself, or by its key", async () => {
  const path = join(folder, "ship.fuzz.yaml");
  await writeFile(path, "spec: a");
  expect((await readFuzzFile(path)).name).toBe("ship");
  expect((await readFuzzFile(`${path}#ship`)).spec).toBe("a");
  await writeFile(path, "spec: a\nname: boat");
  expect((await readFuzzFile(`${path}#boat`)).name).toBe("boat");
  await writeFile(path, "functions: { one: { spec: a }, two: { spec: b } }");
  expect((await readFuzzFiles(path)).map(({ name }) => name)).toEqual(["one", "two"]);
  expect((await readFuzzFiles(`${path}#two`)).map(({ spec }) => spec)).toEqual(["b"]);
  await expect(readFuzzFile(path)).rejects.toMatchObject({ code: "FUZZ_SEVERAL_FUNCTIONS" });
  await expect(readFuzzFiles(`${path}#`)).rejects.toMatchObject({ code: "FUZZ_NO_SUCH_FUNCTION" });
});

test("any bytes give functions or an error of ours", async () => {
  const path = join(folder, "any.fuzz.yaml");
  const start = fc.constantFrom("", "spec: a\n", "functions:\n  a:\n    spec: b\n", "\uFEFF");
  const bytes = fc
    .tuple(
      start,
      fc.oneof(
        fc.uint8Array(),
        fc.string({ unit: "binary" }).map((text) => Buffer.from(text)),
      ),
    )
    .map(([start, rest]) => Buffer.concat([Buffer.from(start), rest]));
  await fc.assert(
    fc.asyncProperty(bytes, async (bytes) => {
      await writeFile(path, bytes);
      try {
        expect((await readFuzzFiles(path)).length).toBeGreaterThan(0);
      } catch (error) {
        expect(FuzzError.isInstance(error), String(error)).toBe(true);
        expect((error as Error).message.startsWith(path)).toBe(true);
      }
    }),
    { numRuns: 500 },
  );
});
