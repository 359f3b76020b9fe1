import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FuzzError } from "@fuzzc/program";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type FuzzFile, parseFuzzFile } from "../parse-fuzz-file.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fuzzc-data-"));
});

afterAll(() => rm(folder, { recursive: true }));

/** A function with examples from a data file, parsed as a file beside it. */
async function parseWith(
  name: string,
  data: string | Uint8Array,
  head = "output: [now, later]",
  key: "examples" | "tests" = "examples",
): Promise<FuzzFile> {
  await writeFile(join(folder, name), data);
  return parseFuzzFile(`spec: How soon?\n${head}\n${key}: ${name}\n`, join(folder, "a.fuzz.yaml"));
}

const names = "output: [yes, no]\ninputs: [query, snippet]";

describe("CSV", () => {
  test("is read with its quotes, line ends and further columns", async () => {
    const csv =
      '\uFEFFid,input,output\r\n1,"site ""x"" down,\r\nnow",now\r\n\r\n2, typo ,later\r\n,,\r\n3,last,now';
    const file = await parseWith("a.csv", csv);
    expect(file.examples).toEqual([
      { input: 'site "x" down,\nnow', output: "now" },
      { input: " typo ", output: "later" },
      { input: "last", output: "now" },
    ]);
    expect(file.dataFiles).toEqual([join(folder, "a.csv")]);
  });

  test("has a column for each of the named inputs", async () => {
    const csv = "output,snippet,query\nyes,xs.at(-1),last item\nno,7,x\n";
    expect((await parseWith("b.csv", csv, names)).examples).toEqual([
      { input: { query: "last item", snippet: "xs.at(-1)" }, output: "yes" },
      { input: { query: "x", snippet: "7" }, output: "no" },
    ]);
  });

  test("holds JSON outputs as their JSON, and abstentions as null", async () => {
    const csv = 'input,output\nx,"{ ""n"": 1 }"\ny,7\nz,plain\n';
    const json = await parseWith("c.csv", csv, "output: json");
    expect(json.examples.map(({ output }) => output)).toEqual(['{"n":1}', "7", '"plain"']);
    const tests = "input,output\na poem,null\n007,now\n";
    expect((await parseWith("d.csv", tests, "output: [now]", "tests")).tests).toEqual([
      { input: "a poem", output: null },
      { input: "007", output: "now" },
    ]);
  });

  test.each([
    ["input,output\na,now\nb,laterr\n", '3:3: label "laterr" is not one of now, later'],
    ['input,output\n"a, ""b""\nc",laterr\n', '3:4: label "laterr" is not one of now, later'],
    ["input,output\na,now\na,later\n", '3:3: an earlier example gives "now" for the same input'],
    ["input,output\na,b,now\n", "2:1: expected 2 columns, found 3"],
    ["inputs,output\na,now\n", '1:1: expected a column "input"'],
    ["", '1:1: expected a column "output"'],
    ['input,output\na,"now\n', "2:3: quoted field unterminated"],
    ['input,output\na,"now" or later\n', "2:3: trailing quote on quoted field is malformed"],
    [`input,output\n${"a,now\n".repeat(20_001)}`, "20002:1: the file has more than 20000 rows"],
  ])("says where it is wrong (%#)", async (csv, message) => {
    await expect(parseWith("e.csv", csv)).rejects.toThrow(`${join(folder, "e.csv")}:${message}`);
  });

  test("says which column is meant", async () => {
    const hint = 'Did you mean the column "inputs"?';
    await expect(parseWith("f.csv", "inputs,output\n")).rejects.toMatchObject({ hint });
  });
});

describe("JSON lines", () => {
  test("are read with their values", async () => {
    const jsonl =
      '{"input": "site down", "output": "now", "id": 7}\r\n\n{"output": "later", "input": 12}\n';
    expect((await parseWith("a.jsonl", jsonl)).examples).toEqual([
      { input: "site down", output: "now" },
      { input: "12", output: "later" },
    ]);
  });

  test("hold named inputs and JSON outputs", async () => {
    const jsonl = '{"input": {"snippet": "xs", "query": 1}, "output": "yes"}';
    expect((await parseWith("b.jsonl", jsonl, names)).examples).toEqual([
      { input: { query: "1", snippet: "xs" }, output: "yes" },
    ]);
    const tests = '{"input": "a", "output": {"b": [1]}}\n{"input": "c", "output": null}';
    expect((await parseWith("c.jsonl", tests, "output: json", "tests")).tests).toEqual([
      { input: "a", output: { b: [1] } },
      { input: "c", output: null },
    ]);
  });

  test.each([
    ['\n{"input": "a", "output": "laterr"}', '2:26: label "laterr" is not one of now, later'],
    ['{"input": ["a"], "output": "now"}', "1:11: expected an input as text"],
    ['{"input": "a", "output": {}}', "1:26: expected a label"],
    ['{"input": "a", "output": now}', "1:26: the line is not JSON"],
    ['{"input": "a", ', "1:16: the line is not JSON"],
    ['["a", "now"]', '1:1: expected an object with "input" and "output"'],
    ['{"input": "a", "outptu": "now"}', '1:1: expected a key "output"'],
    ['{"__proto__": 1, "input": "a"}', "1:1: the line has a key __proto__"],
    [
      '{"input": "a", "output": "now"}\n'.repeat(20_001),
      "20001:1: the file has more than 20000 rows",
    ],
  ])("say where they are wrong (%#)", async (jsonl, message) => {
    await expect(parseWith("d.jsonl", jsonl)).rejects.toThrow(
      `${join(folder, "d.jsonl")}:${message}`,
    );
  });

  test.each([
    ['{"input": "a", "output": "yes"}', "1:11: The input is string, not its named texts"],
    ['{"input": {"query": "a"}, "output": "yes"}', "1:11: The input lacks snippet"],
    [
      '{"input": {"query": "a", "snippet": "b", "id": "c"}, "output": "yes"}',
      '1:11: The input has an unknown name "id"',
    ],
  ])("say what named inputs %j lack", async (jsonl, message) => {
    await expect(parseWith("e.jsonl", jsonl, names)).rejects.toThrow(message);
  });
});

describe("a file of data", () => {
  const parse = (text: string) => parseFuzzFile(text, join(folder, "a.fuzz.yaml"));

  test("stands in a list with others and with pairs", async () => {
    await writeFile(join(folder, "one.csv"), "input,output\na,b\n");
    await writeFile(join(folder, "two.jsonl"), '{"input": "c", "output": "d"}\n');
    const file = parse(
      "spec: a\nexamples: [one.csv, { input: e, output: f }, two.jsonl]\ntests:\n  - one.csv\n",
    );
    expect(file.examples.map(({ output }) => output)).toEqual(["b", "f", "d"]);
    expect(file.tests).toEqual([{ input: "a", output: "b" }]);
    expect(file.dataFiles).toEqual([join(folder, "one.csv"), join(folder, "two.jsonl")]);
  });

  test("is found where its errors say it is", async () => {
    await mkdir(join(folder, "folder.csv"), { recursive: true });
    await writeFile(join(folder, "huge.csv"), Buffer.alloc(16 * 1024 ** 2 + 1));
    await writeFile(join(folder, "latin.csv"), Buffer.from([0x69, 0xff]));
    expect(() => parse("spec: a\nexamples: none.csv")).toThrow(
      `${join(folder, "a.fuzz.yaml")}:2:11: ${join(folder, "none.csv")} is not there`,
    );
    expect(() => parse("spec: a\ntests: [folder.csv]")).toThrow("2:9: ");
    expect(() => parse("spec: a\ntests: huge.csv")).toThrow("the limit is 16777216");
    expect(() => parse("spec: a\ntests: latin.csv")).toThrow("latin.csv:1:1: the file is not text");
    expect(() => parse("spec: a\ntests: data.xlsx")).toThrow("the path of a .csv or .jsonl file");
  });
});

test("any bytes give examples or an error of ours that says where", async () => {
  const words = ["input", "output", "now", ",", '"', "\n", "\r", "{", "}", ":", "[", " ", "\uFEFF"];
  const text = fc
    .array(fc.oneof(fc.constantFrom(...words), fc.string()), { maxLength: 30 })
    .map((parts) => parts.join(""));
  const bytes = fc.oneof(
    fc.uint8Array(),
    text.map((text) => Buffer.from(text)),
    text.map((text) => Buffer.from(`input,output\n${text}`)),
    text.map((text) => Buffer.from(`{"input": "a", "output": "now"}\n${text}`)),
  );
  const head = fc.constantFrom("output: [now]", "output: text", "output: json", names);
  await fc.assert(
    fc.asyncProperty(
      bytes,
      head,
      fc.constantFrom("x.csv", "x.jsonl"),
      async (bytes, head, name) => {
        try {
          expect((await parseWith(name, bytes, head)).examples).toBeInstanceOf(Array);
        } catch (error) {
          expect(FuzzError.isInstance(error), String(error)).toBe(true);
          expect((error as Error).message).toMatch(/\.(csv|jsonl|yaml):\d+:\d+: /);
        }
      },
    ),
    { numRuns: 1000 },
  );
});

test("a long line of nonsense has its place as well", async () => {
  const jsonl = `[${" 1,".repeat(2_000_000)} now`;
  await expect(parseWith("long.jsonl", jsonl)).rejects.toThrow(/:1:\d+: the line is not JSON/);
});
