import { existsSync } from "node:fs";
import { FuzzError, type FuzzyInput } from "@fuzzc/program";
import { answerInputs, type MapProgress, type Settled } from "./answer-inputs.ts";
import { cancelledError } from "./cancelled-error.ts";
import { columnNames, type InputColumns, inputExpression, readInput } from "./input-expression.ts";
import { prepareOutput } from "./prepare-output.ts";
import { hashFile, type RunKey } from "./run-key.ts";
import { tableFormat } from "./table-format.ts";
import { describeSource, type TableSource } from "./table-source.ts";
import { removeWorkFile, WorkFile } from "./work-file.ts";
import { type NewColumns, writeTable } from "./write-table.ts";

/**
 * Answers inputs in their order, as a program's `mapSettled` does; where an input can't be answered, its error stands in
 * its place.
 */
export type AnswerInputs = (
  inputs: AsyncIterable<FuzzyInput>,
  options: { signal: AbortSignal | undefined },
) => AsyncIterable<Settled>;

export interface MapTableOptions {
  /** The table: a .csv, .jsonl or .parquet. */
  table: string;
  /** Where it is written with its answers: a .csv, .jsonl or .parquet. */
  out: string;
  input: InputColumns;
  /** The new column of the answers; `<as>_probability` and `<as>_error` come after it. */
  as: string;
  /** What answers: its id, and whether it gives JSON values, not texts. */
  program: { id: string; isJson: boolean };
  answer: AnswerInputs;
  /** What becomes of an output or a begun run that is there: an error (default), going on, or beginning anew. */
  existing?: "refuse" | "resume" | "replace" | undefined;
  /** Ends the run; what was answered is kept for `existing: "resume"`. */
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: MapProgress) => void) | undefined;
}

export interface MapReport {
  rows: number;
  /** Different inputs: equal ones are answered once, rows with null are not asked. */
  inputs: number;
  /** Inputs that could not be answered. */
  failed: number;
  /** Inputs that this run answered; the others were there when it went on. */
  answered: number;
  /** Seconds that this run took to answer them. */
  seconds: number;
}

/**
 * Answers every row of a table, and writes it with three new columns. Memory is bounded, however long the table is: it
 * is copied to a work file beside the output, `<out>.fuzzc-map.duckdb`, which also takes the answers as they come and is
 * removed at the end. A run that was ended, even by SIGKILL, goes on from there.
 * @throws FuzzError FUZZ_DUCKDB_MISSING, FUZZ_FILE_NOT_FOUND, FUZZ_FILE_KIND, FUZZ_FILE_EXISTS, FUZZ_FILE_UNWRITABLE,
 * FUZZ_TABLE_INVALID, FUZZ_COLUMN_NOT_FOUND, FUZZ_COLUMN_EXISTS, FUZZ_COLUMN_TYPE, FUZZ_MAP_UNFINISHED,
 * FUZZ_MAP_MISMATCH, FUZZ_MAP_BUSY, FUZZ_WORK_FILE_INVALID, FUZZ_CANCELLED
 */
export async function mapTable(options: MapTableOptions): Promise<MapReport> {
  const { table, out, input, answer, signal, onProgress } = options;
  tableFormat(table);
  tableFormat(out);
  const workPath = `${out}.fuzzc-map.duckdb`;
  await prepareOutput(options, workPath);
  const isNew = !existsSync(workPath);
  const work = await WorkFile.open(workPath);
  let keep = !isNew;
  try {
    onProgress?.({ stage: "read", done: 0, of: 0, perSecond: 0 });
    const { source, added, expression } = await readTable(work, options);
    keep = true;
    const before = await work.count();
    const answers = answer(readInputs(work, input, before.answered), { signal });
    const seconds = await answerInputs(work, before, answers, signal, onProgress);
    const { rows, inputs, failed } = await work.count();
    onProgress?.({ stage: "write", done: 0, of: rows, perSecond: 0 });
    await writeTable(work, source, expression, added, out, signal);
    keep = false;
    return { rows, inputs, failed, answered: inputs - before.answered, seconds };
  } finally {
    await work.close();
    if (!keep) {
      await removeWorkFile(workPath);
    }
  }
}

/**
 * Looks at the table, and copies it to the work file unless a run of it is there.
 * @returns the table, the new columns, and SQL of a row's input
 */
async function readTable(work: WorkFile, options: MapTableOptions) {
  const { table, input, program, signal } = options;
  try {
    const source = await describeSource(work.database.reader, table, columnNames(input));
    const added = nameColumns(source, options);
    const expression = inputExpression(source, input);
    const key: RunKey = {
      program: program.id,
      table: await hashFile(table, signal),
      options: JSON.stringify([input, added]),
    };
    if (!(await work.holdsRun(key))) {
      await work.begin(source, expression, key, signal);
    }
    return { source, added, expression };
  } catch (error) {
    if (signal?.aborted) {
      const hint = "No answer is lost: give the same command again.";
      throw cancelledError("Stopped while the table was read", hint, signal);
    }
    throw error;
  }
}

/** @throws FuzzError FUZZ_OPTION_INVALID, FUZZ_COLUMN_EXISTS */
function nameColumns(source: TableSource, { as, program }: MapTableOptions): NewColumns {
  if (as === "") {
    throw new FuzzError("The new column has no name", {
      code: "FUZZ_OPTION_INVALID",
      hint: "Name it with --as.",
    });
  }
  const added = { output: as, probability: `${as}_probability`, error: `${as}_error` };
  for (const name of Object.values(added)) {
    const taken = source.columns.find((column) => column.name.toLowerCase() === name.toLowerCase());
    if (taken !== undefined) {
      throw new FuzzError(`${source.path} has a column "${taken.name}" already`, {
        code: "FUZZ_COLUMN_EXISTS",
        hint: "Name the new column otherwise: --as answer",
      });
    }
  }
  return { ...added, isJson: program.isJson };
}

async function* readInputs(
  work: WorkFile,
  input: InputColumns,
  start: number,
): AsyncGenerator<FuzzyInput, void, void> {
  for await (const text of work.readInputs(start)) {
    yield readInput(input, text);
  }
}
