import { FuzzError } from "@fuzzc/program";
import { type TableFormat, tableFormat } from "./table-format.ts";

/** Characters of what DuckDB says that are passed on. */
const maxReasonLength = 300;

const hints: Record<TableFormat, string> = {
  csv: "A .csv is UTF-8, with quotes as in RFC 4180, rows of one length and one kind of line ending.",
  jsonl: "A .jsonl is UTF-8, with a JSON object a line.",
  parquet: "It may be cut short, or another kind of file.",
};

/** What DuckDB says of a table that it can't read, without its advice on options that we don't have. */
export function unreadableTable(path: string, cause: unknown): FuzzError {
  const reason = (cause as Error).message
    .split(/\n\s*(?:Possible|LINE \d|Try )|\n\s*file = /)[0]
    ?.replace(/\s*\n\s*/g, "; ")
    .trim();
  return new FuzzError(`${path} can't be read: ${reason?.slice(0, maxReasonLength)}`, {
    code: "FUZZ_TABLE_INVALID",
    hint: hints[tableFormat(path)],
    cause,
  });
}

/** What DuckDB says of a file that it can't write. What was answered before is kept. */
export function unwritableFile(path: string, cause: unknown): FuzzError {
  const [reason] = (cause as Error).message.split("\n");
  return new FuzzError(`${path} can't be written: ${reason?.slice(0, maxReasonLength)}`, {
    code: "FUZZ_FILE_UNWRITABLE",
    kind: "resource",
    hint: "Make room, or mend the path, and give the same command with --resume: no answer is lost.",
    cause,
  });
}

/** Whether DuckDB gave up on disk or memory, and not on the table. */
export function isLackOfRoom(cause: unknown): boolean {
  return /^(IO|Out of Memory|TransactionContext) Error/.test((cause as Error).message);
}
