import { FuzzError } from "@fuzzc/program";

/** A kind of table file, told by its extension. */
export type TableFormat = "csv" | "jsonl" | "parquet";

/** @throws FuzzError FUZZ_FILE_KIND */
export function tableFormat(path: string): TableFormat {
  const extension = /\.(csv|jsonl|parquet)$/i.exec(path)?.[1];
  if (extension === undefined) {
    throw new FuzzError(`${path} is no .csv, .jsonl or .parquet file`, {
      code: "FUZZ_FILE_KIND",
      hint: "Name a file with one of these extensions; it says how the table is read or written.",
    });
  }
  return extension.toLowerCase() as TableFormat;
}
