import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readInputs } from "./read-inputs.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fuzzc-inputs-"));
});

afterAll(() => rm(folder, { recursive: true }));

async function read(name: string, content: string | Uint8Array, names?: string[]) {
  const path = join(folder, name);
  await writeFile(path, content);
  return readInputs(path, names);
}

test("reads lines, a column, or JSON lines", async () => {
  expect(await read("a.txt", "\ufeffone\r\n\n two\n")).toEqual(["one", " two"]);
  expect(await read("a.csv", 'id,input\n1,"a, b"\n')).toEqual(["a, b"]);
  expect(await read("a.jsonl", '"one"\n\n{"input": {"n": 2}}\n')).toEqual(["one", '{"n":2}']);
});

test("reads named inputs", async () => {
  const names = ["q", "r"];
  expect(await read("n.csv", "r,q\nb,a\n", names)).toEqual([{ q: "a", r: "b" }]);
  expect(await read("n.jsonl", '{"q": "a", "r": 1}\n', names)).toEqual([{ q: "a", r: "1" }]);
  await expect(read("n.txt", "a\n", names)).rejects.toMatchObject({ code: "FUZZ_FILE_KIND" });
});

test("takes the tests and examples of a function", async () => {
  const one = "spec: a\ntests: [{ input: a, output: b }]\nexamples: [{ input: c, output: d }]\n";
  expect(await read("a.fuzz.yaml", one)).toEqual(["a", "c"]);
  await expect(read("a.fuzz.yaml", one, ["q"])).rejects.toThrow(/takes plain text, not q$/);
  await writeFile(join(folder, "b.fuzz.yaml"), "functions: { x: { spec: a }, y: { spec: b } }\n");
  expect(await readInputs(join(folder, "b.fuzz.yaml#y"), undefined)).toEqual([]);
});

test.each([
  ["b.csv", "id,inptu\n1,a\n", /b\.csv:1:1: expected a column "input"/],
  ["b.jsonl", '"a"\n[1]\n', /b\.jsonl: Line 2 is neither a JSON string/],
  ["b.txt", Uint8Array.of(97, 10, 255), /b\.txt: Line 2 is not text in UTF-8/],
  ["c.csv", Uint8Array.of(255), /c\.csv: the file is not text in UTF-8/],
  ["b.pdf", "", /b\.pdf is not a file of inputs/],
  ["d.txt", "a\n".repeat(20_001), /more than 20000 inputs/],
])("says what is wrong with %s", async (name, content, message) => {
  await expect(read(name, content)).rejects.toThrow(message);
});
