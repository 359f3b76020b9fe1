import { checkSchema, openValidator } from "@fuzzc/interpreter";
import { type FuzzyInput, formatInput, type OutputType } from "@fuzzc/program";
import type { Node } from "yaml";
import { type OutputForm, toOutputType } from "../output-form.ts";
import { outputText } from "../output-text.ts";
import type { FuzzFile } from "../parse-fuzz-file.ts";
import type { Field, Pair } from "./field.ts";
import { nearestWord } from "./nearest-word.ts";
import { readDataFile } from "./read-data-file.ts";
import type { YamlSource } from "./yaml-source.ts";

/** What a function learns from; those of data files are added to `file.dataFiles`. */
export function readExamples(
  source: YamlSource,
  node: Node | undefined,
  file: FuzzFile,
): FuzzFile["examples"] {
  const readOutput = outputReader(file.output);
  const outputs = new Map<string, string>();
  return readPairs(source, node, file).map(({ input, output: field }) => {
    const output = readOutput(field);
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
  const readOutput = outputReader(form);
  const isJson = toOutputType(form).type === "json";
  return readPairs(source, node, file).map(({ input, output: field }) => {
    const value = field.readValue();
    // What an input outside the spec gives need not be a label.
    const isAbstention =
      value === null || (otherwise !== undefined && quote(value) === quote(otherwise));
    if (isAbstention) {
      return { input, output: value };
    }
    const output = readOutput(field);
    return { input, output: isJson ? value : output };
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

/** Reads outputs that a function of this form can give, as the text that it writes. */
function outputReader(form: OutputForm): (field: Field) => string {
  const output = toOutputType(form);
  switch (output.type) {
    case "text":
      return (field) => field.readText("text");
    case "labels":
      return (field) => readLabel(field, output.labels);
    case "json":
      return jsonReader(output);
  }
}

function readLabel(field: Field, labels: readonly string[]): string {
  const label = field.readText("a label");
  if (!labels.includes(label)) {
    const meant = nearestWord(label, labels);
    throw field.error(`label ${quote(label)} is not one of ${labels.join(", ")}`, {
      code: "FUZZ_UNKNOWN_LABEL",
      hint: `${meant ? `Did you mean ${meant}? ` : ""}Correct the label, or add it to the output.`,
    });
  }
  return label;
}

function jsonReader(output: OutputType & { type: "json" }): (field: Field) => string {
  const validator =
    output.schema === undefined ? undefined : openValidator(checkSchema(output.schema));
  return (field) => {
    const text = outputText(field.readValue(), output);
    if (validator?.isValid(JSON.parse(text)) === false) {
      throw field.error("the output is not valid for the JSON Schema, so it can never be given", {
        code: "FUZZ_OUTPUT_INVALID",
        hint: "Correct it, or the schema.",
      });
    }
    return text;
  };
}

const quote = (value: unknown) => JSON.stringify(value);
