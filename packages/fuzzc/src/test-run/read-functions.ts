import { FuzzError } from "@fuzzc/program";
import { findFuzzFiles } from "../build/find-fuzz-files.ts";
import { readFuzzFiles, splitAddress } from "../read-fuzz-file.ts";
import type { TestedFunction, TestOutcome } from "./outcome.ts";

/** The functions of many files, and the files that can't be read. */
export interface TestSources {
  functions: TestedFunction[];
  failures: Extract<TestOutcome, { state: "failed" }>[];
  /** All files that have a say in the functions, data files included, as far as they could be read. */
  files: string[];
}

/**
 * Reads the functions to test. What is wrong with one file is a failure, and the others are read.
 * @param words files, `FILE#NAME` for one of several functions, and folders to look through
 * @throws FuzzError FUZZ_FILE_NOT_FOUND for what is not there
 */
export async function readFunctions(words: readonly string[]): Promise<TestSources> {
  const named = words.filter((word) => splitAddress(word).name !== undefined);
  const paths = words.filter((word) => !named.includes(word));
  const found = paths.length > 0 ? await findFuzzFiles(paths) : [];
  const sources: TestSources = { functions: [], failures: [], files: [] };
  for (const address of [...found, ...named]) {
    const { path, name } = splitAddress(address);
    sources.files.push(path);
    try {
      const files = await readFuzzFiles(address);
      const isOne = files.length === 1 && name === undefined;
      for (const file of files) {
        const { name: own = "", dataFiles } = file;
        sources.functions.push({
          path,
          name: own,
          address: isOne ? path : `${path}#${own}`,
          file,
        });
        sources.files.push(...dataFiles);
      }
    } catch (error) {
      sources.failures.push({ state: "failed", path, error });
      if (FuzzError.isInstance(error) && error.place !== undefined) {
        sources.files.push(error.place.path);
      }
    }
  }
  return { ...sources, functions: withoutDoubles(sources.functions) };
}

/** A function may be named both by itself and by its folder. */
function withoutDoubles(functions: readonly TestedFunction[]): TestedFunction[] {
  return [...new Map(functions.map((one) => [`${one.path}#${one.name}`, one])).values()];
}
