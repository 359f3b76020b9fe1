import { InvalidArgumentError } from "commander";
import type { OutputForm } from "../output-form.ts";

/**
 * The output of a function, as it is typed: `text`, `json` or `good,bad`.
 * @throws InvalidArgumentError
 */
export function readForm(word: string): OutputForm {
  if (word === "text" || word === "json") {
    return word;
  }
  const labels = word.split(",").map((label) => label.trim());
  if (labels.length < 2 || labels.includes("") || new Set(labels).size < labels.length) {
    throw new InvalidArgumentError("It is text, json, or two or more labels: good,bad.");
  }
  return labels;
}
