import type { OutputType } from "@fuzzc/program";

/** What a function gives, for people. */
export function describeOutput(output: OutputType): string {
  if (output.type === "labels") {
    return `one of ${output.labels.join(", ")}`;
  }
  return output.type === "json" && output.schema
    ? `JSON ${JSON.stringify(output.schema)}`
    : output.type;
}
