import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { FuzzError, type FuzzyInput } from "@fuzzc/program";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type AnswerInputs, type MapTableOptions, mapTable } from "./map-table.ts";

let folder = "";
const at = (name: string) => join(folder, name);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "fuzzc-map-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** Answers with the text in capitals; a text that begins with "bad" can't be answered. `asked` collects the inputs. */
function shout(asked: FuzzyInput[] = []): AnswerInputs {
  return async function* (inputs) {
    for await (const input of inputs) {
      asked.push(input);
      const text = typeof input === "string" ? input : JSON.stringify(input);
      yield text.startsWith("bad")
        ? {
            status: "rejected",
            reason: new FuzzError("It is too long", { code: "FUZZ_INPUT_TOO_LONG" }),
          }
        : { status: "fulfilled", value: { output: text.toUpperCase(), probability: 0.5 } };
    }
  };
}

async function map(options: Partial<MapTableOptions> & Pick<MapTableOptions, "table" | "out">) {
  return mapTable({
    input: "text",
    as: "loud",
    program: { id: "p", isJson: false },
    answer: shout(),
    ...options,
    table: at(options.table),
    out: at(options.out),
  });
}

async function query(sql: string) {
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  const result = await connection.runAndReadAll(sql);
  const rows = result.getRowsJson();
  connection.closeSync();
  instance.closeSync();
  return rows;
}

test("rows keep their order and columns; equal inputs are answered once; an error has a column of its own", async () => {
  await writeFile(
    at("in.csv"),
    'id,text,price\n007,hello,1.50\n2,,\n3,bad luck,x\n4,hello,"1,5"\n5,"",9\n6,"a ""q""\nline é 日本",\t\n',
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
      '5,"",9,"",0.5,\n' +
      '6,"a ""q""\nline é 日本",\t,"A ""Q""\nLINE É 日本",0.5,\n',
  );
  expect(await readdir(folder)).toEqual(["in.csv", "out.csv"]);
});
