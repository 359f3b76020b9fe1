import { type FuzzyInput, formatInput } from "@fuzzc/program";
import type { Node } from "yaml";
import { type OutputForm, toOutputType } from "../output-form.ts";
import { outputText } from "../output-text.ts";
import type { FuzzFile } from "../parse-fuzz-file.ts";
import type { Field, Pair } from "./field.ts";
import { readDataFile } from "./read-data-file.ts";
import type { YamlSource } from "./yaml-source.ts";

/** What a function learns from; those of data files are added to `file.dataFiles`. */
export function readExamples(
  source: YamlSource,
  node: Node | undefined,
  file: FuzzFile,
): FuzzFile["examples"] {
  const outputs = new Map<string, string>();
  return readPairs(source, node, file).map(({ input, output: field }) => {
    const output = readOutputText(field, file.output);
    const text = formatInput(input, file.inputs);
    const earlier = outputs.get(text);
    if (earlier !== undefined && earlier !== output) {
      throw field.error(`an earlier example gives ${quote(earlier)} for the same input`, {
        code: "FUZZ_CONFLICTING_EXAMPLES",
        hint: "Keep the right one of the two.",
      });
    }
    outputs.set(text, output);
    return { input, output };
  });
}

/** What a function is tested with; those of data files are added to `file.dataFiles`. */
export function readTests(
  source: YamlSource,
  node: Node | undefined,
  file: FuzzFile,
): FuzzFile["tests"] {
  const { output: form, otherwise } = file;
  const isJson = toOutputType(form).type === "json";
  return readPairs(source, node, file).map(({ input, output }) => {
    const value = output.readValue();
    // What an input outside the spec gives need not be a label.
    const isAbstention =
      value === null || (otherwise !== undefined && quote(value) === quote(otherwise));
    return { input, output: isJson || isAbstention ? value : readOutputText(output, form) };
  });
}

function readPairs(source: YamlSource, node: Node | undefined, file: FuzzFile): Pair[] {
  if (node === undefined) {
    return [];
  }
  const pair = "{ input, output }, or the path of a .csv or .jsonl file";
  const isPath = source.isScalar(node);
  const items = isPath ? [node] : source.readList(node, `a list of ${pair}`);
  return items.flatMap((item) => {
    if (!source.isScalar(item)) {
      return [readPair(source, item, pair, file.inputs)];
    }
    const { pairs, path } = readDataFile(source.field(item), source.path, {
      inputs: file.inputs,
      what: isPath ? `a list of ${pair}` : pair,
    });
    if (!file.dataFiles.includes(path)) {
      file.dataFiles.push(path);
    }
    return pairs;
  });
}

function readPair(
  source: YamlSource,
  item: Node,
  what: string,
  names: readonly string[] | undefined,
): Pair {
  const nodes = source.readMap(item, ["input", "output"], what);
  const [input, output] = [nodes.get("input"), nodes.get("output")];
  if (input === undefined || output === undefined) {
    const missing = input === undefined ? "input" : "output";
    throw source.expected(item, `an ${missing} here`, "Write { input: …, output: … }.");
  }
  return { input: readInput(source, input, names), output: source.field(output) };
}

function readInput(
  source: YamlSource,
  node: Node,
  names: readonly string[] | undefined,
): FuzzyInput {
  if (names === undefined) {
    return source.readText(node, "an input as text");
  }
  const what = `{ ${names.join(", ")} }`;
  const nodes = source.readMap(node, names, what);
  const texts = names.map((name) => {
    const text = nodes.get(name);
    if (text === undefined) {
      throw source.expected(node, `${name} here`, `Write ${what}, each of them text.`);
    }
    return [name, source.readText(text, `${name} as text`)] as const;
  });
  return Object.fromEntries(texts);
}

function readOutputText(field: Field, form: OutputForm): string {
  const output = toOutputType(form);
  if (output.type === "json") {
    return outputText(field.readValue(), output);
  }
  const text = field.readText(output.type === "labels" ? "a label" : "text");
  if (output.type === "labels" && !output.labels.includes(text)) {
    throw field.error(`label ${quote(text)} is not one of ${output.labels.join(", ")}`, {
      code: "FUZZ_UNKNOWN_LABEL",
      hint: "Correct the label, or add it to the output.",
    });
  }
  return text;
}

const quote = (value: unknown) => JSON.stringify(value);
