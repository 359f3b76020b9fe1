import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { DuckDBInstance } from "@duckdb/node-api";
import { FuzzError, type FuzzyInput } from "@fuzzc/program";
import { afterEach, beforeEach } from "vitest";
import { type AnswerInputs, type MapTableOptions, mapTable } from "./map-table.ts";

const script = fileURLToPath(new URL("./run-map.fixture.mjs", import.meta.url));

/** A folder for each test of a file, and what is done in it. */
export function useMapFolder() {
  let folder = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "fuzzc-map-"));
  });
  afterEach(() => rm(folder, { recursive: true }));
  const at = (name: string) => join(folder, name);
  /** Maps a table of the folder, its column "text" to "loud", unless told otherwise. */
  const map = (options: Partial<MapTableOptions> & Pick<MapTableOptions, "table" | "out">) =>
    mapTable({
      input: "text",
      as: "loud",
      program: { id: "shout", isJson: false },
      answer: shout(),
      ...options,
      table: at(options.table),
      out: at(options.out),
    });
  /** A process that maps in.csv, as run-map.fixture.mjs describes it; `ended` gives the last line it printed. */
  function startMap(existing: "refuse" | "resume", pauseMs = 0, onLine?: (line: string) => void) {
    const words = [script, at("in.csv"), at("out.csv"), existing, String(pauseMs)];
    const child = spawn(process.execPath, words, { stdio: ["ignore", "pipe", "inherit"] });
    let last = "";
    const lines = createInterface({ input: child.stdout }).on("line", (line) => {
      last = line;
      onLine?.(line);
    });
    return {
      child,
      ended: Promise.all([once(child, "close"), once(lines, "close")]).then(() => last),
    };
  }
  return { at, map, shout, query, startMap };
}

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

/** The rows that DuckDB gives. */
async function query(sql: string) {
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(sql)).getRowsJson();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
