import { readFileSync, statSync } from "node:fs";
import { dirname, extname, isAbsolute, join } from "node:path";
import { type Field, type Pair, placeError } from "./field.ts";
import { readCsv } from "./read-csv.ts";
import { readJsonl } from "./read-jsonl.ts";

/** A larger file would fill the memory; a compile or a test takes a sample of so much data. */
const maxDataBytes = 16 * 1024 ** 2;
/** Each row is answered several times in a compile, so that more would have no end. */
const maxRows = 20_000;

const readers = { ".csv": readCsv, ".jsonl": readJsonl, ".ndjson": readJsonl };

/**
 * Reads examples or tests out of a .csv or .jsonl file.
 * @param name of the file, as it stands in the YAML file, whose folder it is relative to.
 * @param inputs names of the function's inputs; undefined when it takes plain text.
 * @param what may stand where the name stands, for the error of what is none.
 * @returns the pairs, and the path they were read from.
 * @throws FuzzError FUZZ_FILE_INVALID, which says where in the data it is wrong; FUZZ_FILE_NOT_FOUND
 */
export function readDataFile(
  name: Field,
  yamlPath: string,
  { inputs, what }: { inputs: readonly string[] | undefined; what: string },
): { pairs: Pair[]; path: string } {
  const word = name.readText(what);
  const read = readers[extname(word).toLowerCase() as keyof typeof readers];
  if (read === undefined) {
    throw name.error(`expected ${what}`);
  }
  const path = isAbsolute(word) ? word : join(dirname(yamlPath), word);
  const text = decode(readBytes(path, name), path);
  return { pairs: read(text, path, { inputs, maxRows }), path };
}

function readBytes(path: string, name: Field): Uint8Array {
  try {
    const stats = statSync(path);
    // A pipe or a device may have no end.
    if (!stats.isFile()) {
      throw name.error(`${path} is not a file`);
    }
    if (stats.size > maxDataBytes) {
      throw name.error(`${path} has ${stats.size} bytes; the limit is ${maxDataBytes}`, {
        hint: "Take a sample of it.",
      });
    }
    return readFileSync(path);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code?.startsWith("FUZZ_")) {
      throw cause;
    }
    const trouble = code === "ENOENT" ? "is not there" : `can't be read: ${message}`;
    throw name.error(`${path} ${trouble}`, {
      code: "FUZZ_FILE_NOT_FOUND",
      hint: "The path is relative to the folder of the YAML file.",
      cause,
    });
  }
}

function decode(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw placeError(path, { line: 1, column: 1 }, "the file is not text in UTF-8", {
      hint: "Save it as UTF-8.",
      cause,
    });
  }
}
