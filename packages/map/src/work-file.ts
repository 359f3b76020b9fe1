import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { FuzzError, type JsonValue } from "@fuzzc/program";
import { type Database, openDatabase } from "./open-database.ts";
import { compareKeys, type RunKey } from "./run-key.ts";
import { isLackOfRoom, unreadableTable, unwritableFile } from "./table-error.ts";
import type { TableSource } from "./table-source.ts";

/** Inputs that are read from the work file at once. */
const pageSize = 256;

/** What is kept of an answer. */
export interface AnswerRow {
  output: JsonValue;
  probability: number | null;
  error: string | null;
}

/** What a run has to do, and has done. */
export interface WorkCounts {
  /** Of the table. */
  rows: number;
  /** Different inputs; equal ones are answered once, and null is not asked. */
  inputs: number;
  answered: number;
  /** Inputs that could not be answered. */
  failed: number;
}

/**
 * A run's state beside its output: a DuckDB file with a copy of the table, its different inputs in the order of their
 * first rows, and the answers so far. Answers come in the order of their inputs, and are written in transactions, so the
 * number of answers says where to go on, whenever the process ended.
 */
export class WorkFile {
  readonly path: string;
  readonly database: Database;
  /** The last page that was asked for. */
  #page: Promise<unknown> = Promise.resolve();

  private constructor(path: string, database: Database) {
    this.path = path;
    this.database = database;
  }

  /** @throws FuzzError as `openDatabase` */
  static async open(path: string): Promise<WorkFile> {
    return new WorkFile(path, await openDatabase(path));
  }

  /**
   * Whether the file holds a begun run of this key.
   * @throws FuzzError FUZZ_MAP_MISMATCH where it holds one of another key
   */
  async holdsRun(key: RunKey): Promise<boolean> {
    const tables = await this.#values(
      "SELECT count(*) FROM information_schema.tables WHERE table_name = 'run'",
    );
    if (tables[0] === 0n) {
      return false;
    }
    const [text] = await this.#values("SELECT key FROM run");
    const differences = compareKeys(JSON.parse(String(text)) as RunKey, key);
    if (differences.length > 0) {
      throw new FuzzError(
        `The run in ${this.path} can't go on, since ${differences.join(" and ")} changed`,
        {
          code: "FUZZ_MAP_MISMATCH",
          hint: "Give what it was begun with, or begin anew with --force, which drops its answers.",
        },
      );
    }
    return true;
  }

  /**
   * Copies the table, all of it or nothing.
   * @param input SQL of the text that is asked of a row, or null
   * @throws FuzzError FUZZ_TABLE_INVALID, FUZZ_FILE_UNWRITABLE; anything once the signal is aborted
   */
  async begin(
    source: TableSource,
    input: string,
    key: RunKey,
    signal?: AbortSignal,
  ): Promise<void> {
    try {
      await this.runInterruptibly(
        `BEGIN;
         CREATE TABLE source AS ${source.scan};
         CREATE TABLE inputs AS
           SELECT row_number() OVER (ORDER BY first_row) - 1 AS id, input FROM (
             SELECT min(rowid) AS first_row, ${input} AS input FROM source WHERE input IS NOT NULL GROUP BY input
           ) ORDER BY id;
         CREATE TABLE answers (id BIGINT, output VARCHAR, probability DOUBLE, error VARCHAR);
         CREATE TABLE run AS SELECT '${JSON.stringify(key).replaceAll("'", "''")}' AS key;
         COMMIT`,
        signal,
      );
    } catch (error) {
      if (signal?.aborted) {
        throw error;
      }
      throw isLackOfRoom(error)
        ? unwritableFile(this.path, error)
        : unreadableTable(source.path, error);
    }
  }

  async count(): Promise<WorkCounts> {
    const [rows, inputs, answered, failed] = await this.#values(
      `SELECT (SELECT count(*) FROM source), (SELECT count(*) FROM inputs), count(*), count(error) FROM answers`,
    );
    return {
      rows: Number(rows),
      inputs: Number(inputs),
      answered: Number(answered),
      failed: Number(failed),
    };
  }

  /** The inputs from number `start` on, in their order. */
  async *readInputs(start: number): AsyncGenerator<string, void, void> {
    for (let next = start; ; ) {
      const reading = this.database.reader.runAndReadAll(
        `SELECT input FROM inputs WHERE id >= ${next} AND id < ${next + pageSize} ORDER BY id`,
      );
      this.#page = reading;
      const [inputs = []] = (await reading).getColumns();
      yield* inputs as string[];
      next += inputs.length;
      if (inputs.length < pageSize) {
        return;
      }
    }
  }

  /**
   * Adds answers in one transaction; `start` is the number of the first one's input.
   * @throws FuzzError FUZZ_FILE_UNWRITABLE, on a full disk say
   */
  async addAnswers(start: number, rows: AnswerRow[]): Promise<void> {
    try {
      await this.#append(start, rows);
    } catch (cause) {
      throw unwritableFile(this.path, cause);
    }
  }

  async #append(start: number, rows: AnswerRow[]): Promise<void> {
    const { writer } = this.database;
    await writer.run("BEGIN");
    const appender = await writer.createAppender("answers");
    for (const [index, { output, probability, error }] of rows.entries()) {
      appender.appendBigInt(BigInt(start + index));
      appendText(appender, output === null ? null : toJson(output));
      if (probability === null) {
        appender.appendNull();
      } else {
        appender.appendDouble(probability);
      }
      appendText(appender, error);
      appender.endRow();
    }
    appender.closeSync();
    await writer.run("COMMIT");
  }

  /**
   * Runs SQL on the writing connection until the signal is aborted.
   * @throws what DuckDB throws, also when it is interrupted
   */
  async runInterruptibly(sql: string, signal?: AbortSignal): Promise<void> {
    const { writer } = this.database;
    const interrupt = () => writer.interrupt();
    signal?.throwIfAborted();
    signal?.addEventListener("abort", interrupt, { once: true });
    try {
      await writer.run(sql);
    } finally {
      signal?.removeEventListener("abort", interrupt);
    }
  }

  /** Closes the file, once nothing is read from it any more: an answering function may have read ahead. */
  async close(): Promise<void> {
    await this.#page.catch(() => undefined);
    this.database[Symbol.dispose]();
  }

  async #values(sql: string): Promise<unknown[]> {
    const result = await this.database.reader.runAndReadAll(sql);
    return result.getRows()[0] ?? [];
  }
}

/** JSON that DuckDB takes: half of a surrogate pair, which no UTF-8 text can hold, becomes the replacement character. */
function toJson(value: JsonValue): string {
  return JSON.stringify(value).replace(/\\(ud[89a-f][0-9a-f]{2}|.)/g, (word) =>
    word.startsWith("\\ud") ? "\\ufffd" : word,
  );
}

/** Removes a work file and all that DuckDB keeps beside it. */
export async function removeWorkFile(path: string): Promise<void> {
  for (const name of [path, `${path}.wal`, `${path}.tmp`, `${path}.draft`]) {
    if (existsSync(name)) {
      await rm(name, { recursive: true });
    }
  }
}

function appendText(
  appender: { appendNull(): void; appendVarchar(text: string): void },
  text: string | null,
): void {
  if (text === null) {
    appender.appendNull();
  } else {
    appender.appendVarchar(text);
  }
}
