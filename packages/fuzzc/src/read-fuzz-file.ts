import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { FuzzError } from "@fuzzc/program";
import { type FuzzFile, parseFuzzFiles, pickFunction } from "./parse-fuzz-file.ts";

/**
 * Reads a function out of a `*.fuzz.yaml` file; what it gives can be passed to `fuzzy`. A function without a name gets
 * the one of its file.
 * @param address the path; with `#name` behind it when the file has several functions.
 * @throws FuzzError FUZZ_FILE_NOT_FOUND, FUZZ_SEVERAL_FUNCTIONS, FUZZ_NO_SUCH_FUNCTION, and what `parseFuzzFiles` throws,
 * with file, line and column.
 */
export async function readFuzzFile(address: string): Promise<FuzzFile> {
  const { path, name } = splitAddress(address);
  return pickFunction(await readAll(path), path, name);
}

/**
 * Reads all functions of a `*.fuzz.yaml` file, or the one that `#name` behind its path picks.
 * @throws FuzzError FUZZ_FILE_NOT_FOUND, FUZZ_NO_SUCH_FUNCTION, and what `parseFuzzFiles` throws
 */
export async function readFuzzFiles(address: string): Promise<FuzzFile[]> {
  const { path, name } = splitAddress(address);
  const files = await readAll(path);
  return name === undefined ? files : [pickFunction(files, path, name)];
}

/** `policies.fuzz.yaml#triage` in its parts. */
export function splitAddress(address: string): { path: string; name: string | undefined } {
  const [, path = address, name] = /^(.*\.ya?ml)#([^#/\\]*)$/is.exec(address) ?? [];
  return { path, name };
}

async function readAll(path: string): Promise<FuzzFile[]> {
  const text = decodeText(await readBytes(path), path);
  const name = basename(path).replace(/(\.fuzz)?\.ya?ml$/i, "");
  return parseFuzzFiles(text, path).map((file) => ({ name, ...file }));
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
      hint: `Relative paths begin at ${process.cwd()}.`,
      cause,
    });
  }
}

/**
 * The text of a file.
 * @throws FuzzError FUZZ_FILE_INVALID when it is not in UTF-8
 */
export function decodeText(bytes: Uint8Array, path: string): string {
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
