import { open } from "node:fs/promises";
import type { DuckDBConnection } from "@duckdb/node-api";
import { FuzzError } from "@fuzzc/program";
import { maxHeaderBytes, parseCsvHeader } from "./parse-csv-header.ts";
import { quoteName, quotePath, quoteText } from "./quote-sql.ts";
import { unreadableTable } from "./table-error.ts";
import { type TableFormat, tableFormat } from "./table-format.ts";

/** In the order of their likelihood; the first one under which the header has the wanted columns is taken. */
const delimiters = [",", ";", "\t", "|"] as const;

export interface SourceColumn {
  /** As the file calls it. */
  name: string;
  /** Its type in DuckDB. Of a .csv always VARCHAR, of a .jsonl always JSON, so that no value is changed by reading it. */
  type: string;
  /** What it is called in the work file, where user's names can't get in the way of ours. */
  stored: string;
}

/** A table file, and how it is read. */
export interface TableSource {
  path: string;
  format: TableFormat;
  columns: SourceColumn[];
  /** Only of a .csv. */
  delimiter?: string;
  /** SQL that gives the rows in their order, the columns by their stored names. */
  scan: string;
}

/**
 * Reads a table's column names and types.
 * @param wanted column names that must be there
 * @throws FuzzError FUZZ_FILE_NOT_FOUND, FUZZ_FILE_KIND, FUZZ_TABLE_INVALID, FUZZ_COLUMN_NOT_FOUND
 */
export async function describeSource(
  reader: DuckDBConnection,
  path: string,
  wanted: string[],
): Promise<TableSource> {
  const format = tableFormat(path);
  const head = await readHead(path);
  if (head === "") {
    throw new FuzzError(`${path} is empty: not even columns`, { code: "FUZZ_TABLE_INVALID" });
  }
  const source =
    format === "csv"
      ? describeCsv(path, head, wanted)
      : await describeByDuckDB(reader, path, format);
  findColumns(source, wanted);
  return source;
}

/**
 * The columns of these names.
 * @throws FuzzError FUZZ_COLUMN_NOT_FOUND
 */
export function findColumns({ path, columns }: TableSource, names: string[]): SourceColumn[] {
  return names.map((name) => {
    const column = columns.find((column) => column.name === name);
    if (column === undefined) {
      throw new FuzzError(`${path} has no column "${name}"`, {
        code: "FUZZ_COLUMN_NOT_FOUND",
        hint: `Its columns are: ${columns.map(({ name }) => name).join(", ")}`,
      });
    }
    return column;
  });
}

/** @throws FuzzError FUZZ_TABLE_INVALID */
function describeCsv(path: string, head: string, wanted: string[]): TableSource {
  const headers = delimiters.map(
    (delimiter) => [delimiter, parseCsvHeader(head, delimiter)] as const,
  );
  const [delimiter, names] =
    headers.find(([, names]) => wanted.every((name) => names?.includes(name))) ??
    (headers[0] as (typeof headers)[0]);
  const columns = checkHeader(path, names).map((name, index) => ({
    name,
    type: "VARCHAR",
    stored: `c${index}`,
  }));
  const types = columns.map(({ stored }) => `${stored}: 'VARCHAR'`).join(", ");
  return {
    path,
    format: "csv",
    columns,
    delimiter,
    scan:
      `SELECT * FROM read_csv(${quotePath(path)}, header = true, auto_detect = false, quote = '"', escape = '"', ` +
      `delim = ${quoteText(delimiter)}, comment = '', allow_quoted_nulls = false, columns = {${types}})`,
  };
}

function checkHeader(path: string, names: string[] | undefined): string[] {
  // Written tables tell columns apart without regard to case.
  const lower = names?.map((name) => name.toLowerCase()) ?? [];
  const twice = names?.find((_, index) => lower.indexOf(lower[index] as string) < index);
  const what =
    names === undefined
      ? "does not begin with a line of column names"
      : names.some((name) => /[\r\n]/.test(name))
        ? "has a column name with a line break in it"
        : twice !== undefined && `has two columns called "${twice}"`;
  if (names === undefined || what) {
    throw new FuzzError(`${path} ${what}`, {
      code: "FUZZ_TABLE_INVALID",
      hint: "The first line of a .csv names its columns, each once: id,message",
    });
  }
  return names;
}

async function describeByDuckDB(
  reader: DuckDBConnection,
  path: string,
  format: "jsonl" | "parquet",
): Promise<TableSource> {
  const rows =
    format === "parquet"
      ? `read_parquet(${quotePath(path)})`
      : // All rows are looked through for keys; below the first level a value stays as it is written.
        `read_json(${quotePath(path)}, format = 'newline_delimited', records = 'true', maximum_depth = 1, ` +
        "sample_size = -1, map_inference_threshold = -1)";
  try {
    const description = await reader.runAndReadAll(`DESCRIBE SELECT * FROM ${rows}`);
    const columns = description.getRowObjectsJson().map((row, index) => ({
      name: String(row.column_name),
      type: String(row.column_type),
      stored: `c${index}`,
    }));
    const names = columns.map(({ name, stored }) => `${quoteName(name)} AS ${stored}`);
    return { path, format, columns, scan: `SELECT ${names.join(", ")} FROM ${rows}` };
  } catch (cause) {
    throw unreadableTable(path, cause);
  }
}

/** @throws FuzzError FUZZ_FILE_NOT_FOUND */
async function readHead(path: string): Promise<string> {
  try {
    await using file = await open(path);
    const { buffer, bytesRead } = await file.read(
      Buffer.alloc(maxHeaderBytes),
      0,
      maxHeaderBytes,
      0,
    );
    return buffer.toString("utf8", 0, bytesRead);
  } catch (cause) {
    throw new FuzzError(`${path} can't be read: ${(cause as Error).message}`, {
      code: "FUZZ_FILE_NOT_FOUND",
      kind: "resource",
      cause,
    });
  }
}
