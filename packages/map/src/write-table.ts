import { open, rename, rm } from "node:fs/promises";
import { cancelledError } from "./cancelled-error.ts";
import { quoteName, quoteText } from "./quote-sql.ts";
import { unwritableFile } from "./table-error.ts";
import { type TableFormat, tableFormat } from "./table-format.ts";
import type { SourceColumn, TableSource } from "./table-source.ts";
import type { WorkFile } from "./work-file.ts";

/** The new columns: the answers, their probabilities, and why a row has none. */
export interface NewColumns {
  output: string;
  probability: string;
  error: string;
  /** Whether answers are JSON values and not texts. */
  isJson: boolean;
}

/**
 * Writes the table with its answers, the rows in their order, in one step: a reader sees no file or the whole one.
 * @param input SQL of a row's input, as it was given to `WorkFile.begin`
 * @throws FuzzError FUZZ_FILE_UNWRITABLE, FUZZ_CANCELLED
 */
export async function writeTable(
  work: WorkFile,
  source: TableSource,
  input: string,
  added: NewColumns,
  out: string,
  signal?: AbortSignal,
): Promise<void> {
  const format = tableFormat(out);
  const output = added.isJson ? "answers.output::JSON" : "(answers.output::JSON ->> '$')";
  const draft = `${work.path}.draft`;
  try {
    const columns: string[] = [];
    for (const column of source.columns) {
      const value = await outputValue(work, source, column, format);
      columns.push(`${value} AS ${quoteName(column.name)}`);
    }
    await work.runInterruptibly(
      `COPY (
         SELECT ${columns.join(", ")}, ${output} AS ${quoteName(added.output)},
           answers.probability AS ${quoteName(added.probability)}, answers.error AS ${quoteName(added.error)}
         FROM source
         LEFT JOIN inputs ON inputs.input = ${input}
         LEFT JOIN answers ON answers.id = inputs.id
         ORDER BY source.rowid
       ) TO ${quoteText(draft)} (${copyOptions(format, source)}, USE_TMP_FILE false)`,
      signal,
    );
    // The answers are dropped next, so the output must be on the disk.
    await syncFile(draft);
    await rename(draft, out);
  } catch (cause) {
    await rm(draft, { force: true });
    if (signal?.aborted) {
      throw cancelledError(
        "Stopped while the output was written",
        "All answers are kept: give the same command with --resume to write them.",
        signal,
      );
    }
    throw unwritableFile(out, cause);
  }
}

async function syncFile(path: string): Promise<void> {
  await using file = await open(path, "r+");
  await file.sync();
}

function copyOptions(format: TableFormat, { delimiter = "," }: TableSource): string {
  switch (format) {
    case "csv":
      return `FORMAT csv, HEADER true, DELIMITER ${quoteText(delimiter)}, QUOTE '"', ESCAPE '"', NULLSTR ''`;
    case "jsonl":
      return "FORMAT json";
    case "parquet":
      return "FORMAT parquet";
  }
}

/** SQL of a passed column's value. JSON becomes what the other formats have for it. */
async function outputValue(
  { database: { reader } }: WorkFile,
  { format: sourceFormat }: TableSource,
  { stored, type }: SourceColumn,
  format: TableFormat,
): Promise<string> {
  if (sourceFormat === "jsonl" && format === "csv") {
    return `(${stored} ->> '$')`;
  }
  if (sourceFormat === "jsonl" && format === "parquet") {
    const found = await reader.runAndReadAll(
      `SELECT json_group_structure(${stored}) FROM source WHERE ${stored} IS NOT NULL`,
    );
    const structure = String(found.getRows()[0]?.[0] ?? "NULL");
    const isUntyped = /^"?NULL"?$/.test(structure);
    return `json_transform(${stored}, ${quoteText(isUntyped ? '"VARCHAR"' : structure)})`;
  }
  return isNested(type) && format === "csv" ? `to_json(${stored})` : stored;
}

/** Whether DuckDB would write a value of this type in a notation of its own. */
export function isNested(type: string): boolean {
  return /^(STRUCT|MAP|UNION)|\]$/.test(type);
}
