import { FuzzError, type FuzzyInput, type JsonValue } from "@fuzzc/program";
import type { Node } from "yaml";
import type { CompileLevel } from "./compile-level.ts";
import { nearestWord } from "./fuzz-file/nearest-word.ts";
import { readFunction, sharedKeys } from "./fuzz-file/read-function.ts";
import { readName } from "./fuzz-file/read-settings.ts";
import { YamlSource } from "./fuzz-file/yaml-source.ts";
import type { Json, OutputForm } from "./output-form.ts";
import type { InterpreterKind } from "./setup-options.ts";

/** A function in a file: what `fuzzy` takes, and how it is tested. */
export interface FuzzFile {
  spec: string;
  output: OutputForm;
  /** Names of the inputs of a function that takes several texts. */
  inputs?: string[];
  examples: { input: FuzzyInput; output: string }[];
  /** What it should answer; the compiler never sees these. A `null` stands for an abstention. */
  tests: { input: FuzzyInput; output: Json }[];
  otherwise?: JsonValue;
  minProbability?: number;
  name?: string;
  /** From `optimise: 0`, 1, 2 or 3. */
  level?: CompileLevel;
  interpreter?: InterpreterKind;
  /** A compiler's name, or the path of its folder. */
  compiler?: string;
  /** The share of tests that have to pass, 0 to 1. */
  requiredScore?: number;
  /** The .csv and .jsonl files that examples and tests were read from. */
  dataFiles: string[];
}

const ownKeys = ["spec", "examples", "tests"];

/**
 * Reads all functions of a YAML text: the one at its top level, or those under `functions`, for which the keys at the top
 * level are defaults. Examples and tests may be in .csv and .jsonl files.
 * @param path stands in errors: `triage.fuzz.yaml:7:3: label "laterr" is not one of now, today, later`. The files that
 * the text names are relative to its folder.
 * @throws FuzzError FUZZ_YAML_SYNTAX, FUZZ_FILE_INVALID, FUZZ_UNKNOWN_KEY, FUZZ_UNKNOWN_LABEL, FUZZ_CONFLICTING_EXAMPLES,
 * FUZZ_FILE_NOT_FOUND
 */
export function parseFuzzFiles(text: string, path: string): FuzzFile[] {
  const source = new YamlSource(text, path);
  const topKeys = ["name", ...ownKeys, ...sharedKeys, "functions"];
  const top = source.readMap(source.top, topKeys, "keys such as spec, output and examples");
  const functions = top.get("functions");
  if (functions === undefined) {
    const name = top.get("name");
    return [
      {
        ...(name !== undefined && { name: readName(source.field(name)) }),
        ...readFunction(source, top, source.top),
      },
    ];
  }
  for (const key of ["name", ...ownKeys]) {
    const node = top.get(key);
    if (node !== undefined) {
      throw source.error(node, `${key} stands beside functions`, {
        hint: `Only what they share stands there: ${sharedKeys.join(", ")}.`,
      });
    }
  }
  top.delete("functions");
  return readFunctions(source, functions, top);
}

/**
 * As `parseFuzzFiles`, for one function.
 * @param name of the function; a file with one function needs none.
 * @throws FuzzError FUZZ_SEVERAL_FUNCTIONS, FUZZ_NO_SUCH_FUNCTION, and what `parseFuzzFiles` throws
 */
export function parseFuzzFile(text: string, path: string, name?: string): FuzzFile {
  return pickFunction(parseFuzzFiles(text, path), path, name);
}

/** The function of that name, or the only one. */
export function pickFunction(
  files: readonly FuzzFile[],
  path: string,
  name: string | undefined,
): FuzzFile {
  const names = files.map((file) => file.name ?? "");
  const file = name === undefined ? files[0] : files[names.indexOf(name)];
  if (file === undefined) {
    const meant = nearestWord(name ?? "", names);
    throw new FuzzError(`${path} has no function ${JSON.stringify(name)}`, {
      code: "FUZZ_NO_SUCH_FUNCTION",
      hint: `${meant ? `Did you mean ${path}#${meant}? ` : ""}It has ${names.join(", ")}.`,
    });
  }
  if (name === undefined && files.length > 1) {
    throw new FuzzError(`${path} has ${files.length} functions: ${names.join(", ")}`, {
      code: "FUZZ_SEVERAL_FUNCTIONS",
      hint: `Name one of them: ${path}#${names[0]}`,
    });
  }
  return file;
}

function readFunctions(
  source: YamlSource,
  functions: Node,
  defaults: ReadonlyMap<string, Node>,
): FuzzFile[] {
  const what = "functions by their names: { triage: { spec: …, output: … } }";
  const entries = source.readEntries(functions, what);
  if (entries.length === 0) {
    throw source.expected(functions, what);
  }
  return entries.map(({ key, value }) => {
    const name = readName(source.field(key));
    const keys = [...ownKeys, ...sharedKeys];
    const own = source.readMap(value ?? key, keys, `${name} to have keys such as spec and output`);
    return { name, ...readFunction(source, new Map([...defaults, ...own]), value ?? key) };
  });
}
