import { FuzzError, formatInput, type JsonValue, parseJson } from "@fuzzc/program";
import { isMap, isScalar, parseDocument } from "yaml";
import { asTexts } from "../as-texts.ts";
import { type Field, type Pair, placeError } from "./field.ts";
import { nearestWord } from "./nearest-word.ts";
import type { DataOptions } from "./read-csv.ts";

/** A line, its value, and the file it is in. */
interface Line {
  path: string;
  line: number;
  text: string;
  value: { [key: string]: JsonValue };
}

/**
 * Reads pairs out of JSON lines, each `{"input": …, "output": …}`; other keys are ignored, and so are empty lines. The
 * input is text, or an object with the function's inputs.
 * @param path stands in errors: `pairs.jsonl:7:3: label "laterr" is not one of now, later`.
 * @throws FuzzError FUZZ_FILE_INVALID
 */
export function readJsonl(jsonl: string, path: string, { inputs, maxRows }: DataOptions): Pair[] {
  const pairs: Pair[] = [];
  for (const [index, text] of jsonl.split(/\r?\n/).entries()) {
    if (text.trim() === "") {
      continue;
    }
    const record = { path, line: index + 1, text, value: readRecord(text, path, index + 1) };
    if (pairs.length === maxRows) {
      throw fieldOf(record).error(`the file has more than ${maxRows} rows`, {
        hint: "Take a sample of it.",
      });
    }
    pairs.push({ input: readInput(record, inputs), output: fieldOf(record, "output") });
  }
  return pairs;
}

function readRecord(text: string, path: string, line: number): Line["value"] {
  const hint = 'Write each line as {"input": "…", "output": "…"}.';
  let value: JsonValue;
  try {
    value = parseJson(text, "the line");
  } catch (cause) {
    if (!FuzzError.isInstance(cause)) {
      throw cause;
    }
    const column = columnOfSyntaxError(cause.cause, text);
    throw placeError(path, { line, column }, cause.message, { hint, cause });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw placeError(path, { line, column: 1 }, 'expected an object with "input" and "output"', {
      hint,
    });
  }
  for (const key of ["input", "output"]) {
    if (!Object.hasOwn(value, key)) {
      const meant = nearestWord(key, Object.keys(value));
      throw placeError(path, { line, column: 1 }, `expected a key ${JSON.stringify(key)}`, {
        hint: meant ? `Did you mean the key ${JSON.stringify(meant)}?` : hint,
      });
    }
  }
  return value;
}

function readInput(record: Line, names: readonly string[] | undefined): Pair["input"] {
  const field = fieldOf(record, "input");
  if (names === undefined) {
    return field.readText("an input as text");
  }
  const input = asTexts(record.value.input);
  try {
    formatInput(input, names);
  } catch (cause) {
    const { message, hint } = cause as FuzzError;
    throw field.error(message, { cause, ...(hint !== undefined && { hint }) });
  }
  return input as Pair["input"];
}

/** What stands at these keys of the line. */
function fieldOf(record: Line, ...keys: string[]): Field {
  const { path, line, text } = record;
  const value = keys.reduce<JsonValue>(
    (value, key) => (value as Line["value"])[key] ?? null,
    record.value,
  );
  const error: Field["error"] = (trouble, more) =>
    placeError(path, { line, column: columnOf(text, keys) }, trouble, more);
  return {
    error,
    readValue: () => value,
    readText(what) {
      if (typeof value === "object" && value !== null) {
        throw error(`expected ${what}`);
      }
      return String(value);
    },
  };
}

/** JSON is YAML as well, and the YAML parser knows where a value stands. */
function columnOf(text: string, keys: readonly string[]): number {
  let node: unknown = parseDocument(text, { logLevel: "silent" }).contents;
  for (const key of keys) {
    const pair = isMap(node)
      ? node.items.find((item) => isScalar(item.key) && item.key.value === key)
      : undefined;
    node = pair?.value;
  }
  const range = (node as { range?: [number, number, number] } | null | undefined)?.range;
  return (range?.[0] ?? 0) + 1;
}

/** The engine's message may say where; else it is the first piece that JSON does not have, or the end. */
function columnOfSyntaxError(error: unknown, text: string): number {
  if (error === undefined) {
    return 1;
  }
  const position = /at position (\d+)/.exec((error as Error).message)?.[1];
  return (position === undefined ? lengthOfTokens(text) : Number(position)) + 1;
}

function lengthOfTokens(text: string): number {
  // One at a time, since a pattern of many would overflow the stack.
  const token = /\s+|[{}[\],:]|"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null/y;
  let length = 0;
  while (token.test(text)) {
    length = token.lastIndex;
  }
  return length;
}
