import type { FuzzyInput } from "@fuzzc/program";
import Papa from "papaparse";
import type { Json } from "../output-form.ts";
import { type Field, type Pair, placeError } from "./field.ts";
import { nearestWord } from "./nearest-word.ts";

export interface DataOptions {
  /** Names of the function's inputs; undefined when it takes plain text. */
  inputs: readonly string[] | undefined;
  maxRows: number;
}

/** A row, and where it starts in the text. */
interface Row {
  cells: string[];
  start: number;
}

/**
 * Reads pairs out of CSV: commas between columns, quotes around what has commas, quotes or line ends in it. The first
 * row names the columns: `output`, and `input` or the names of the function's inputs; other columns are ignored, and
 * so are empty rows.
 * @param path stands in errors: `pairs.csv:7:3: label "laterr" is not one of now, later`.
 * @throws FuzzError FUZZ_FILE_INVALID
 */
export function readCsv(csv: string, path: string, options: DataOptions): Pair[] {
  const { text, rows, find, readInput } = openTable(csv, path, options, ["output"]);
  const output = find("output");
  return rows.map((row) => ({
    input: readInput(row),
    output: cellField(text, path, row, output),
  }));
}

/**
 * As `readCsv`, for inputs alone: no column `output` is needed.
 * @throws FuzzError FUZZ_FILE_INVALID
 */
export function readCsvInputs(csv: string, path: string, options: DataOptions): FuzzyInput[] {
  const { rows, readInput } = openTable(csv, path, options, []);
  return rows.map(readInput);
}

interface Table {
  text: string;
  rows: Row[];
  /** The index of a column. */
  find: (name: string) => number;
  readInput: (row: Row) => FuzzyInput;
}

function openTable(
  csv: string,
  path: string,
  { inputs, maxRows }: DataOptions,
  others: readonly string[],
): Table {
  const text = csv.replace(/\r\n?/g, "\n");
  const [header, ...rows] = splitRows(text, path, maxRows);
  const columns = header?.cells.map((cell) => cell.trim()) ?? [];
  const needed = [...(inputs ?? ["input"]), ...others];
  const find = (name: string) => columns.indexOf(name);
  for (const name of [...others, ...needed]) {
    if (find(name) < 0) {
      const meant = nearestWord(name, columns);
      throw placeError(path, { line: 1, column: 1 }, `expected a column ${JSON.stringify(name)}`, {
        hint: meant
          ? `Did you mean the column ${JSON.stringify(meant)}?`
          : `The first row names the columns, with commas between them: ${needed.join(",")}`,
      });
    }
  }
  const readInput = (row: Row): FuzzyInput => {
    if (row.cells.length !== columns.length) {
      const trouble = `expected ${columns.length} columns, found ${row.cells.length}`;
      throw cellField(text, path, row, 0).error(trouble, {
        hint: 'Put quotes around a text with commas: "one, two".',
      });
    }
    const cell = (name: string) => row.cells[find(name)] ?? "";
    return inputs === undefined
      ? cell("input")
      : Object.fromEntries(inputs.map((name) => [name, cell(name)]));
  };
  return { text, rows, find, readInput };
}

function splitRows(text: string, path: string, maxRows: number): Row[] {
  const rows: Row[] = [];
  let start = 0;
  Papa.parse<string[]>(text, {
    delimiter: ",",
    newline: "\n",
    step: ({ data, errors, meta }) => {
      const [error] = errors;
      const row = { cells: data, start };
      if (error !== undefined) {
        // The index is that of the first letter inside the quotes.
        const offset = error.index === undefined ? start : error.index - 1;
        throw placeError(path, placeOf(text, offset), error.message.toLowerCase(), {
          hint: 'A quote inside a quoted text is written twice: "she said ""no""".',
        });
      }
      // The header is a row of its own.
      if (rows.length > maxRows) {
        const trouble = `the file has more than ${maxRows} rows`;
        throw placeError(path, placeOf(text, start), trouble, { hint: "Take a sample of it." });
      }
      if (data.some((cell) => cell !== "")) {
        rows.push(row);
      }
      start = meta.cursor;
    },
  });
  return rows;
}

function cellField(text: string, path: string, { cells, start }: Row, index: number): Field {
  const cell = cells[index] ?? "";
  return {
    readText: () => cell,
    readValue: () => parseOrKeep(cell),
    error: (trouble, more) =>
      placeError(path, placeOf(text, startOfCell(text, cells, start, index)), trouble, more),
  };
}

/** The cell's JSON, else its text. */
function parseOrKeep(cell: string): Json {
  try {
    return JSON.parse(cell) as Json;
  } catch {
    return cell;
  }
}

/** The cells before it take their own length, that of their quotes if they have some, and a comma. */
function startOfCell(text: string, cells: readonly string[], start: number, index: number): number {
  return cells.slice(0, index).reduce((offset, cell) => {
    const quotes = text[offset] === '"' ? 2 + cell.split('"').length - 1 : 0;
    return offset + cell.length + quotes + 1;
  }, start);
}

function placeOf(text: string, offset: number) {
  const before = text.slice(0, offset);
  return {
    line: before.split("\n").length,
    column: offset - before.lastIndexOf("\n"),
  };
}
