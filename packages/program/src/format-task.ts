import type { OutputType } from "./output-type.ts";

/**
 * The task text, which opens every prompt: the spec, then the form of the output.
 * A JSON function with properties at the top of its schema names them, in the schema's order.
 */
export function formatTask(spec: string, output: OutputType): string {
  return `${spec.trim()}\n\nOutput: ${formatOutput(output)}`;
}

function formatOutput(output: OutputType): string {
  if (output.type === "labels") {
    return `one of ${output.labels.join(", ")}`;
  }
  if (output.type === "text") {
    return "text";
  }
  const keys = propertyNames(output.schema?.properties);
  return keys.length > 0 ? `JSON object with keys ${keys.join(", ")}` : "JSON";
}

function propertyNames(properties: unknown): string[] {
  const isObject =
    typeof properties === "object" && properties !== null && !Array.isArray(properties);
  return isObject ? Object.keys(properties) : [];
}
