import { extname } from "node:path";
import { FuzzError, type FuzzyInput } from "@fuzzc/program";
import { readCsvInputs } from "../fuzz-file/read-csv.ts";
import { nameError } from "../name-error.ts";
import { parseJsonLine } from "../parse-json-line.ts";
import { decodeText, readBytes, readFuzzFile, splitAddress } from "../read-fuzz-file.ts";
import { readLines } from "../read-lines.ts";

/** Each input is answered and kept: more would have no end, and fill the memory. */
const maxInputs = 20_000;

/**
 * Reads inputs out of a file: .txt has one a line, .csv a column `input` or one for each name, .jsonl an object a line,
 * and of a *.fuzz.yaml (with `#NAME` behind it when it has several functions) the tests and examples are taken.
 * @param names of the function's inputs; undefined when it takes plain text.
 * @throws FuzzError FUZZ_FILE_NOT_FOUND, FUZZ_FILE_KIND, FUZZ_FILE_INVALID, FUZZ_INPUT_INVALID, and what `readFuzzFile`
 * throws
 */
export async function readInputs(
  path: string,
  names: readonly string[] | undefined,
): Promise<FuzzyInput[]> {
  if (/\.ya?ml$/i.test(splitAddress(path).path)) {
    return readCases(path, names);
  }
  const kind = extname(path).toLowerCase();
  const isText = kind === ".txt" && names === undefined;
  if (!isText && ![".csv", ".jsonl", ".ndjson"].includes(kind)) {
    throw new FuzzError(`${path} is not a file of inputs`, {
      code: "FUZZ_FILE_KIND",
      hint:
        names === undefined
          ? "Give a .txt with one a line, a .csv with a column input, a .jsonl, or a *.fuzz.yaml."
          : `Give a .csv with the columns ${names.join(", ")}, a .jsonl with an object a line, or a *.fuzz.yaml.`,
    });
  }
  const bytes = await readBytes(path);
  if (kind === ".csv") {
    return readCsvInputs(decodeText(bytes, path), path, { inputs: names, maxRows: maxInputs });
  }
  const inputs: FuzzyInput[] = [];
  for await (const line of readLines(oneChunk(bytes))) {
    if ("text" in line && line.text.trim() === "") {
      continue;
    }
    const read = isText && "text" in line ? { input: line.text } : parseJsonLine(line, names);
    if ("error" in read) {
      throw nameError(read.error, path);
    }
    if (inputs.push(read.input) > maxInputs) {
      throw new FuzzError(`${path} has more than ${maxInputs} inputs`, {
        code: "FUZZ_FILE_INVALID",
        hint: "Take a sample of it.",
      });
    }
  }
  return inputs;
}

async function readCases(
  address: string,
  names: readonly string[] | undefined,
): Promise<FuzzyInput[]> {
  const { inputs, tests, examples } = await readFuzzFile(address);
  if (JSON.stringify(inputs) !== JSON.stringify(names)) {
    throw new FuzzError(`${address} takes ${describeNames(inputs)}, not ${describeNames(names)}`, {
      code: "FUZZ_INPUT_INVALID",
      hint: "Give inputs of the function that the programs are.",
    });
  }
  return [...tests, ...examples].map(({ input }) => input);
}

const describeNames = (names: readonly string[] | undefined) => names?.join(", ") ?? "plain text";

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
