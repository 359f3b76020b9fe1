import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { FuzzError, type FuzzyInput } from "@fuzzc/program";
import { describe, expect, test } from "vitest";
import { useMapFolder } from "./map-folder.fixture.ts";

const { at, map, shout, query } = useMapFolder();

test("rows keep their order and columns; equal inputs are answered once; errors have a column of their own", async () => {
  await writeFile(
    at("in.csv"),
    'id,text,price\n007,hello,1.50\n2,,\n3,bad luck,x\n4,hello,"1,5"\n#5,"",9\n6,"a ""q""\nline é 日本",\t\n',
  );
  const asked: FuzzyInput[] = [];
  const report = await map({ table: "in.csv", out: "out.csv", answer: shout(asked) });
  expect(report).toMatchObject({ rows: 6, inputs: 4, failed: 1, answered: 4 });
  expect(asked).toEqual(["hello", "bad luck", "", 'a "q"\nline é 日本']);
  expect(await readFile(at("out.csv"), "utf8")).toBe(
    "id,text,price,loud,loud_probability,loud_error\n" +
      "007,hello,1.50,HELLO,0.5,\n" +
      "2,,,,,\n" +
      "3,bad luck,x,,,It is too long (FUZZ_INPUT_TOO_LONG)\n" +
      '4,hello,"1,5",HELLO,0.5,\n' +
      '"#5","",9,"",0.5,\n' +
      '6,"a ""q""\nline é 日本",\t,"A ""Q""\nLINE É 日本",0.5,\n',
  );
  expect(await readdir(at("."))).toEqual(["in.csv", "out.csv"]);
});

test("columns of a .jsonl stay as they are written, and become typed in a .parquet", async () => {
  const rows = [
    '{"id":1.0,"text":"one","at":"2024-01-01T10:00:00Z","more":{"a":[1,"x"],"b":null},"n":null}',
    '{"id":12345678901234567890,"text":2,"late":[true]}',
    '{"text":{"deep":"3"}}',
  ];
  await writeFile(at("in.jsonl"), `${rows.join("\n")}\n`);
  await map({ table: "in.jsonl", out: "out.jsonl" });
  const [first, second, third] = (await readFile(at("out.jsonl"), "utf8")).split("\n");
  expect(first).toBe(
    '{"id":1.0,"text":"one","at":"2024-01-01T10:00:00Z","more":{"a":[1,"x"],"b":null},"n":null,"late":null,' +
      '"loud":"ONE","loud_probability":0.5,"loud_error":null}',
  );
  expect(second).toContain('{"id":12345678901234567890,"text":2,');
  expect(second).toContain('"late":[true],"loud":"2"');
  expect(JSON.parse(third as string).loud).toBe('{"DEEP":"3"}');

  await map({ table: "in.jsonl", out: "out.parquet" });
  const types = await query(
    `SELECT column_name, column_type FROM (DESCRIBE FROM '${at("out.parquet")}')`,
  );
  expect(Object.fromEntries(types)).toMatchObject({
    id: "DOUBLE",
    at: "VARCHAR",
    more: "STRUCT(a JSON[], b INTEGER)",
    n: "VARCHAR",
    late: "BOOLEAN[]",
    loud: "VARCHAR",
    loud_probability: "DOUBLE",
    loud_error: "VARCHAR",
  });

  await map({ table: "in.jsonl", out: "out.csv" });
  expect(await readFile(at("out.csv"), "utf8")).toContain(
    '1.0,one,2024-01-01T10:00:00Z,"{""a"":[1,""x""],""b"":null}",,,ONE,0.5,\n',
  );
});

test("columns of a .parquet keep their types", async () => {
  await query(
    `COPY (SELECT 7::SMALLINT AS n, 1.50::DECIMAL(9,2) AS d, DATE '2024-02-29' AS day, 'hi' AS text, [1, 2] AS list,
       {'a': 'x'} AS part, TIMESTAMPTZ '2024-01-01 00:00:00+00' AS at, 'a'::BLOB AS bytes) TO '${at("in.parquet")}'`,
  );
  const described = (file: string) =>
    query(`SELECT column_name, column_type FROM (DESCRIBE FROM '${at(file)}')`);
  await map({ table: "in.parquet", out: "out.parquet" });
  expect((await described("out.parquet")).slice(0, 8)).toEqual(await described("in.parquet"));
  expect(await query(`SELECT COLUMNS('^[^l]|^list') FROM '${at("out.parquet")}'`)).toEqual(
    await query(`FROM '${at("in.parquet")}'`),
  );
  await map({ table: "in.parquet", out: "out.csv", input: "part" });
  expect(await readFile(at("out.csv"), "utf8")).toMatch(
    /\n7,1.50,2024-02-29,hi,"\[1,2\]","{""a"":""x""}",[^,]*,a,"{""A"":""X""}",0.5,\n/,
  );
  await expect(map({ table: "in.parquet", out: "no.csv", input: "bytes" })).rejects.toMatchObject({
    code: "FUZZ_COLUMN_TYPE",
  });
});

test("JSON answers are values in .jsonl, and JSON texts elsewhere; an answer may be null", async () => {
  await writeFile(at("in.csv"), "text\na\nnull\n");
  const options = {
    table: "in.csv",
    program: { id: "json", isJson: true },
    async *answer(inputs: AsyncIterable<FuzzyInput>) {
      for await (const input of inputs) {
        const output =
          input === "null" ? null : { text: `${input}\u0000\ud800 \\ud800 😀`, list: [1] };
        yield { status: "fulfilled" as const, value: { output, probability: 1 } };
      }
    },
  };
  await map({ ...options, out: "out.jsonl" });
  const lines = (await readFile(at("out.jsonl"), "utf8")).trimEnd().split("\n");
  expect(lines.map((line) => JSON.parse(line).loud)).toEqual([
    { text: "a\u0000\ufffd \\ud800 😀", list: [1] },
    null,
  ]);
  await map({ ...options, out: "out.parquet" });
  expect(await query(`SELECT loud ->> '$.list[0]' FROM '${at("out.parquet")}'`)).toEqual([
    ["1"],
    [null],
  ]);
});

test("a function with several inputs gets a text of each; null in one of them is not asked", async () => {
  await writeFile(at("in.csv"), "q;s\nred;a,b\nblue;\nred;a,b\n");
  const asked: FuzzyInput[] = [];
  const input = { query: "q", snippet: "s" };
  const report = await map({ table: "in.csv", out: "out.csv", input, answer: shout(asked) });
  expect(asked).toEqual([{ query: "red", snippet: "a,b" }]);
  expect(report).toMatchObject({ rows: 3, inputs: 1 });
  expect(await readFile(at("out.csv"), "utf8")).toMatch(/^q;s;loud;.*\nred;a,b;.*\nblue;;;;\nred;/);
});

test("names that look like SQL or a pattern are only names", async () => {
  await mkdir(at("it's"));
  const table = "it's/in[1]*.csv";
  await writeFile(at(table), `rowid,"te""xt'; --",input,c0,run\n1,a,i,c,r\n`);
  await writeFile(at("it's/in1x.csv"), "other\n");
  await map({ table, out: "it's/out'.csv", input: `te"xt'; --`, as: `"new" 'one'` });
  expect(await readFile(at("it's/out'.csv"), "utf8")).toBe(
    `rowid,"te""xt'; --",input,c0,run,"""new"" 'one'","""new"" 'one'_probability","""new"" 'one'_error"\n` +
      "1,a,i,c,r,A,0.5,\n",
  );
});

test("a table without rows gives one without rows", async () => {
  await writeFile(at("in.csv"), "\uFEFFid,text\r\n");
  for (const out of ["out.csv", "out.jsonl", "out.parquet"]) {
    expect(await map({ table: "in.csv", out })).toMatchObject({ rows: 0, inputs: 0 });
  }
  expect(await query(`SELECT count(*)::INTEGER FROM '${at("out.parquet")}'`)).toEqual([[0]]);
});

describe("says what is wrong, and leaves nothing behind", () => {
  test.each([
    ["no such file", "none.csv", "", {}, "FUZZ_FILE_NOT_FOUND"],
    ["another extension", "in.txt", "text\n", {}, "FUZZ_FILE_KIND"],
    ["another extension of the output", "in.csv", "text\n", { out: "out.xlsx" }, "FUZZ_FILE_KIND"],
    ["the output is the table", "in.csv", "text\n", { out: "in.csv" }, "FUZZ_OPTION_INVALID"],
    ["an empty .csv", "in.csv", "", {}, "FUZZ_TABLE_INVALID"],
    ["a .csv with an empty first line", "in.csv", "\ntext\n", {}, "FUZZ_TABLE_INVALID"],
    ["two columns of a name", "in.csv", "text,Text\na,b\n", {}, "FUZZ_TABLE_INVALID"],
    ["a line break in a name", "in.csv", '"te\nxt",text\r\na,b\r\n', {}, "FUZZ_TABLE_INVALID"],
    ["a row of another length", "in.csv", "id,text\n1,a\n2,b,c\n", {}, "FUZZ_TABLE_INVALID"],
    ["a quote that stays open", "in.csv", 'id,text\n1,"a\n2,b\n', {}, "FUZZ_TABLE_INVALID"],
    ["bytes that are no UTF-8", "in.csv", "text\ncaf\xe9\n", {}, "FUZZ_TABLE_INVALID"],
    ["an empty .jsonl", "in.jsonl", "", {}, "FUZZ_TABLE_INVALID"],
    ["a .jsonl with no object", "in.jsonl", '{"text":"a"}\n[1]\n', {}, "FUZZ_TABLE_INVALID"],
    ["a .jsonl that is no JSON", "in.jsonl", '{"text":"a"}\nnope\n', {}, "FUZZ_TABLE_INVALID"],
    ["a .parquet that is none", "in.parquet", "x".repeat(100), {}, "FUZZ_TABLE_INVALID"],
    ["a column that is not there", "in.csv", "id,Text\n", {}, "FUZZ_COLUMN_NOT_FOUND"],
    ["a new column that is there", "in.csv", "text,LOUD_error\n", {}, "FUZZ_COLUMN_EXISTS"],
    ["a new column without a name", "in.csv", "text\n", { as: "" }, "FUZZ_OPTION_INVALID"],
    [
      "an output below a file",
      "in.csv",
      "text\n",
      { out: "in.csv/out.csv" },
      "FUZZ_FILE_UNWRITABLE",
    ],
  ])("%s", async (_, table, content, options, code) => {
    if (table !== "none.csv") {
      await writeFile(at(table), content, "latin1");
    }
    const before = await readdir(at("."));
    const error = await map({ table, out: "out.csv", ...options }).catch((error) => error);
    expect(error).toMatchObject({ code });
    expect(FuzzError.isInstance(error)).toBe(true);
    expect(await readdir(at("."))).toEqual(before);
  });

  test("a column that is not there, with those that are", async () => {
    await writeFile(at("in.csv"), "id,message\n");
    await expect(map({ table: "in.csv", out: "out.csv" })).rejects.toMatchObject({
      message: expect.stringContaining('no column "text"'),
      hint: "Its columns are: id, message",
    });
  });

  test("an output that is a folder: the answers are kept for --resume", async () => {
    await writeFile(at("in.csv"), "text\na\n");
    await mkdir(at("out.csv"));
    const run = map({ table: "in.csv", out: "out.csv", existing: "replace" });
    await expect(run).rejects.toMatchObject({ code: "FUZZ_FILE_UNWRITABLE" });
    expect(await readdir(at("."))).toEqual(["in.csv", "out.csv", "out.csv.fuzzc-map.duckdb"]);
  });
});
