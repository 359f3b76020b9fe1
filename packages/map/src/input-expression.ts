import { FuzzError, type FuzzyInput } from "@fuzzc/program";
import { quoteText } from "./quote-sql.ts";
import { findColumns, type SourceColumn, type TableSource } from "./table-source.ts";
import { isNested } from "./write-table.ts";

/** The column that is asked; or of a function with several inputs, the column of each input by its name. */
export type InputColumns = string | Readonly<Record<string, string>>;

export function columnNames(input: InputColumns): string[] {
  return typeof input === "string" ? [input] : Object.values(input);
}

/**
 * SQL of a row's input, as a text; null where one of its columns is.
 * @throws FuzzError FUZZ_COLUMN_NOT_FOUND, FUZZ_COLUMN_TYPE
 */
export function inputExpression(source: TableSource, input: InputColumns): string {
  const texts = findColumns(source, columnNames(input)).map((column) => textOf(source, column));
  if (typeof input === "string") {
    return texts[0] as string;
  }
  const members = Object.keys(input).map((name, index) => `${quoteText(name)}, ${texts[index]}`);
  const isNull = texts.map((text) => `${text} IS NULL`).join(" OR ");
  return `CASE WHEN ${isNull} THEN NULL ELSE json_object(${members.join(", ")})::VARCHAR END`;
}

/** What was made of a row by `inputExpression`. */
export function readInput(input: InputColumns, text: string): FuzzyInput {
  return typeof input === "string" ? text : (JSON.parse(text) as Record<string, string>);
}

/** SQL of a column's text: JSON of what has parts. */
function textOf({ format, path }: TableSource, { name, type, stored }: SourceColumn): string {
  if (format === "jsonl") {
    return `(${stored} ->> '$')`;
  }
  if (type === "BLOB") {
    throw new FuzzError(`Column "${name}" of ${path} holds bytes, not texts`, {
      code: "FUZZ_COLUMN_TYPE",
      hint: "Name a column of texts, or write its texts as strings first.",
    });
  }
  return isNested(type) ? `to_json(${stored})::VARCHAR` : `${stored}::VARCHAR`;
}
