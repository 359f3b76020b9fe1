import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { FuzzError } from "@fuzzc/program";
import { type FuzzFile, parseFuzzFile } from "./parse-fuzz-file.ts";

/**
 * Reads a `*.fuzz.yaml` file; what it gives can be passed to `fuzzy`. A file without a name gets the one of its path.
 * @throws FuzzError FUZZ_FILE_NOT_FOUND, and what `parseFuzzFile` throws, with file, line and column.
 */
export async function readFuzzFile(path: string): Promise<FuzzFile> {
  const text = decode(await readBytes(path), path);
  return { name: basename(path).replace(/(\.fuzz)?\.ya?ml$/i, ""), ...parseFuzzFile(text, path) };
}

/**
 * The bytes of a file.
 * @throws FuzzError FUZZ_FILE_NOT_FOUND when it can't be read.
 */
export async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const reason =
      code === "ENOENT"
        ? "is not there"
        : code === "EISDIR"
          ? "is a folder"
          : `can't be read: ${message}`;
    throw new FuzzError(`${path} ${reason}`, {
      code: "FUZZ_FILE_NOT_FOUND",
      kind: "resource",
      cause,
    });
  }
}

function decode(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new FuzzError(`${path}: the file is not text in UTF-8`, {
      code: "FUZZ_FILE_INVALID",
      hint: "Save it as UTF-8.",
      cause,
    });
  }
}
