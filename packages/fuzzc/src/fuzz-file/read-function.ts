import type { JsonValue } from "@fuzzc/program";
import type { Node } from "yaml";
import type { FuzzFile } from "../parse-fuzz-file.ts";
import { readExamples, readTests } from "./read-cases.ts";
import { readInputNames } from "./read-input-names.ts";
import { readOutput } from "./read-output.ts";
import { readCompiler, readInterpreter, readLevel, readShare } from "./read-settings.ts";
import type { YamlSource } from "./yaml-source.ts";

/** Keys that a function may have of its own or share with the others of its file. */
export const sharedKeys = [
  "output",
  "inputs",
  "otherwise",
  "minProbability",
  "compiler",
  "optimise",
  "interpreter",
  "requiredScore",
];

/**
 * Reads one function.
 * @param nodes what stands at its keys, those it shares included.
 * @param place of the function, for errors about what is not there.
 */
export function readFunction(
  source: YamlSource,
  nodes: ReadonlyMap<string, Node>,
  place: Node | null,
): FuzzFile {
  const output = readOutput(source, nodes.get("output"));
  const [examples, tests] = [nodes.get("examples"), nodes.get("tests")];
  const file: FuzzFile = {
    spec: readSpec(source, nodes.get("spec"), place),
    output,
    examples: [],
    tests: [],
    dataFiles: [],
  };
  const inputs = nodes.get("inputs");
  if (inputs !== undefined) {
    file.inputs = readInputNames(source, inputs);
  }
  const otherwise = nodes.get("otherwise");
  if (otherwise !== undefined) {
    file.otherwise = source.readValue(otherwise) as JsonValue;
  }
  file.examples = readExamples(source, examples, file);
  file.tests = readTests(source, tests, file);
  const minProbability = nodes.get("minProbability");
  if (minProbability !== undefined) {
    file.minProbability = readShare(source.field(minProbability));
  }
  const optimise = nodes.get("optimise");
  if (optimise !== undefined) {
    file.level = readLevel(source.field(optimise));
  }
  const compiler = nodes.get("compiler");
  if (compiler !== undefined) {
    file.compiler = readCompiler(source.field(compiler), source.path);
  }
  const interpreter = nodes.get("interpreter");
  if (interpreter !== undefined) {
    file.interpreter = readInterpreter(source.field(interpreter));
  }
  const requiredScore = nodes.get("requiredScore");
  if (requiredScore !== undefined) {
    file.requiredScore = readShare(source.field(requiredScore));
  }
  return file;
}

function readSpec(source: YamlSource, node: Node | undefined, place: Node | null): string {
  const what = "a spec in plain English";
  const spec = node === undefined ? "" : source.readText(node, what);
  if (spec.trim() === "") {
    throw source.expected(node ?? place, what, "Write spec: and what goes in and what comes out.");
  }
  return spec;
}
