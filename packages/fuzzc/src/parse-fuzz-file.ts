import type { OptimisationLevel } from "@fuzzc/compiler";
import type { JsonValue } from "@fuzzc/program";
import type { Node } from "yaml";
import { type Json, type OutputForm, toOutputType } from "./output-form.ts";
import { outputText } from "./output-text.ts";
import { YamlSource } from "./yaml-source.ts";

/** A function in a file: what `fuzzy` takes, and its tests. */
export interface FuzzFile {
  spec: string;
  output: OutputForm;
  examples: { input: string; output: string }[];
  /** What it should answer; the compiler never sees these. A `null` stands for an abstention. */
  tests: { input: string; output: Json }[];
  otherwise?: JsonValue;
  minProbability?: number;
  name?: string;
  /** From `optimise: 0`, 1 or 2. */
  level?: OptimisationLevel;
}

const keys = [
  "name",
  "spec",
  "output",
  "examples",
  "tests",
  "otherwise",
  "minProbability",
  "optimise",
];

/**
 * Reads a function from YAML.
 * @param path stands in errors: `triage.fuzz.yaml:7:3: label "laterr" is not one of now, today, later`.
 * @throws FuzzError FUZZ_YAML_SYNTAX, FUZZ_FILE_INVALID, FUZZ_UNKNOWN_KEY, FUZZ_UNKNOWN_LABEL, FUZZ_CONFLICTING_EXAMPLES
 */
export function parseFuzzFile(text: string, path: string): FuzzFile {
  const source = new YamlSource(text, path);
  const nodes = source.readMap(source.top, keys, "keys such as spec, output and examples");
  const specNode = nodes.get("spec") ?? source.top;
  const spec = nodes.has("spec")
    ? source.readText(nodes.get("spec"), "a spec in plain English")
    : "";
  if (spec.trim() === "") {
    throw source.expected(specNode, "a spec in plain English");
  }
  const output = readOutput(source, nodes.get("output"));
  const file: FuzzFile = {
    spec,
    output,
    examples: readExamples(source, nodes.get("examples"), output),
    tests: [],
  };
  const otherwise = nodes.get("otherwise");
  if (otherwise !== undefined) {
    file.otherwise = source.readValue(otherwise) as JsonValue;
  }
  file.tests = readTests(source, nodes.get("tests"), file);
  const name = nodes.get("name");
  if (name !== undefined) {
    file.name = source.readText(name, "a name");
  }
  const minProbability = nodes.get("minProbability");
  if (minProbability !== undefined) {
    file.minProbability = readProbability(source, minProbability);
  }
  const optimise = nodes.get("optimise");
  if (optimise !== undefined) {
    file.level = readLevel(source, optimise);
  }
  return file;
}

function readOutput(source: YamlSource, node: Node | undefined): OutputForm {
  const what = "a list of labels, text, json or a JSON Schema";
  if (node === undefined) {
    return "text";
  }
  if (source.isList(node)) {
    const items = source.readList(node, what);
    const labels = items.map((item) => source.readText(item, "a label"));
    labels.forEach((label, index) => {
      if (label === "" || labels.indexOf(label) !== index) {
        const trouble = label === "" ? "a label is empty" : `label ${quote(label)} is there twice`;
        throw source.error(items[index], trouble);
      }
    });
    if (labels.length === 0) {
      throw source.expected(node, what);
    }
    return labels;
  }
  const value = source.readValue(node);
  if (value !== "text" && value !== "json" && (typeof value !== "object" || value === null)) {
    throw source.expected(node, what);
  }
  return value as OutputForm;
}

function readExamples(
  source: YamlSource,
  node: Node | undefined,
  form: OutputForm,
): FuzzFile["examples"] {
  const outputs = new Map<string, string>();
  return readPairs(source, node).map(({ input, outputNode }) => {
    const output = readOutputText(source, outputNode, form);
    const earlier = outputs.get(input);
    if (earlier !== undefined && earlier !== output) {
      const trouble = `an earlier example gives ${quote(earlier)} for the same input`;
      throw source.error(outputNode, trouble, { code: "FUZZ_CONFLICTING_EXAMPLES" });
    }
    outputs.set(input, output);
    return { input, output };
  });
}

function readTests(
  source: YamlSource,
  node: Node | undefined,
  { output: form, otherwise }: FuzzFile,
): FuzzFile["tests"] {
  const isJson = toOutputType(form).type === "json";
  return readPairs(source, node).map(({ input, outputNode }) => {
    const value = source.readValue(outputNode);
    // What an input outside the spec gives need not be a label.
    const isAbstention =
      value === null || (otherwise !== undefined && quote(value) === quote(otherwise));
    return {
      input,
      output: isJson || isAbstention ? value : readOutputText(source, outputNode, form),
    };
  });
}

function readPairs(
  source: YamlSource,
  node: Node | undefined,
): { input: string; outputNode: Node }[] {
  return source.readList(node, "a list of { input, output }").map((item) => {
    const nodes = source.readMap(item, ["input", "output"], "{ input, output }");
    const [inputNode, outputNode] = [nodes.get("input"), nodes.get("output")];
    if (inputNode === undefined || outputNode === undefined) {
      throw source.expected(item, `an ${inputNode === undefined ? "input" : "output"} here`);
    }
    return { input: source.readText(inputNode, "an input as text"), outputNode };
  });
}

function readOutputText(source: YamlSource, node: Node, form: OutputForm): string {
  const output = toOutputType(form);
  if (output.type === "json") {
    return outputText(source.readValue(node), output);
  }
  const text = source.readText(node, output.type === "labels" ? "a label" : "text");
  if (output.type === "labels" && !output.labels.includes(text)) {
    throw source.error(node, `label ${quote(text)} is not one of ${output.labels.join(", ")}`, {
      code: "FUZZ_UNKNOWN_LABEL",
      hint: "Correct the label, or add it to the output.",
    });
  }
  return text;
}

function readProbability(source: YamlSource, node: Node): number {
  const value = source.readValue(node);
  if (typeof value !== "number" || value < 0 || value > 1) {
    throw source.expected(node, "a number from 0 to 1");
  }
  return value;
}

function readLevel(source: YamlSource, node: Node): OptimisationLevel {
  const value = source.readValue(node);
  if (value !== 0 && value !== 1 && value !== 2) {
    throw source.expected(node, "0 (the spec alone), 1 (examples) or 2 (training)");
  }
  return `O${value}`;
}

const quote = (value: unknown) => JSON.stringify(value);
