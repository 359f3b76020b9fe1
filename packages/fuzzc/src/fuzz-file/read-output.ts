import { compileSchema } from "@fuzzc/interpreter";
import { FuzzError } from "@fuzzc/program";
import type { Node } from "yaml";
import { type OutputForm, toOutputType } from "../output-form.ts";
import type { YamlSource } from "./yaml-source.ts";

const what = "a list of labels, text, json or a JSON Schema";
const hint =
  "Write output: [good, bad], output: text, output: json, or output: { type: object, … }.";

/** What a function gives; text where it does not say. */
export function readOutput(source: YamlSource, node: Node | undefined): OutputForm {
  if (node === undefined) {
    return "text";
  }
  if (source.isList(node)) {
    return readLabels(source, node);
  }
  const value = source.readValue(node);
  if (value === "text" || value === "json") {
    return value;
  }
  if (typeof value !== "object" || value === null) {
    throw source.expected(node, what, hint);
  }
  checkOutput(source, node, value as OutputForm);
  return value as OutputForm;
}

function checkOutput(source: YamlSource, node: Node, form: OutputForm): void {
  try {
    const output = toOutputType(form);
    if (output.type === "json") {
      compileSchema(output.schema);
    }
  } catch (cause) {
    if (!FuzzError.isInstance(cause)) {
      throw cause;
    }
    const { message, code, hint } = cause;
    throw source.error(node, message, { code, cause, ...(hint !== undefined && { hint }) });
  }
}

function readLabels(source: YamlSource, node: Node): string[] {
  const items = source.readList(node, what);
  const labels = items.map((item) => source.readText(item, "a label"));
  labels.forEach((label, index) => {
    if (label === "" || labels.indexOf(label) !== index) {
      const twice = `label ${JSON.stringify(label)} is there twice`;
      throw source.error(items[index], label === "" ? "a label is empty" : twice);
    }
  });
  if (labels.length === 0) {
    throw source.expected(node, what, hint);
  }
  checkOutput(source, node, labels);
  return labels;
}
