import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv } from "ajv";
import { readFuzzFiles } from "fuzzc";
import { expect, test } from "vitest";
import { parse } from "yaml";

const read = (path: string) => readFile(new URL(`../${path}`, import.meta.url), "utf8");

test("the files that docs/fuzz-files.md shows are right", async () => {
  const page = await read("docs/fuzz-files.md");
  const schema = JSON.parse(await read("packages/fuzzc/schema/fuzz.schema.json"));
  const isValid = new Ajv({ strictTypes: false }).compile(schema);
  const folder = await mkdtemp(join(tmpdir(), "fuzzc-page-"));
  const files = [...page.matchAll(/^\*\*`(.+?)`\*\*\n\n```\w+\n(.*?)^```/gms)];
  for (const [, name = "", text = ""] of files) {
    await writeFile(join(folder, name), text);
  }
  const counts: Record<string, number[]> = {};
  for (const [, name = "", text = ""] of files.filter(([, name]) => name?.endsWith(".yaml"))) {
    expect(isValid(parse(text)), `${name}: ${JSON.stringify(isValid.errors)}`).toBe(true);
    const functions = await readFuzzFiles(join(folder, name));
    counts[name] = functions.map(({ examples }) => examples.length);
  }
  expect(counts).toEqual({
    "triage.fuzz.yaml": [2],
    "policies.fuzz.yaml": [2, 0],
    "refund.fuzz.yaml": [5],
    "rank.fuzz.yaml": [1],
  });
  for (const key of Object.keys(schema.properties)) {
    expect(page, `it tells of ${key}`).toContain(`\`${key}\``);
  }
  await rm(folder, { recursive: true });
});
