import type { Node } from "yaml";
import type { OutputForm } from "../output-form.ts";
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
  if (value !== "text" && value !== "json" && (typeof value !== "object" || value === null)) {
    throw source.expected(node, what, hint);
  }
  return value as OutputForm;
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
  return labels;
}
