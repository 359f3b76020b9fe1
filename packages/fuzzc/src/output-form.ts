import { FuzzError, type OutputType, outputTypeSchema } from "@fuzzc/program";
import type { StandardSchemaV1 } from "@standard-schema/spec";
import { isStandardSchema, schemaToOutputType } from "./standard-schema.ts";

/** JSON, written by hand with or without `as const`. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

/** What a function gives: one of these labels, text, any JSON, or JSON for this JSON Schema. */
export type OutputForm = readonly string[] | "text" | "json" | { readonly [key: string]: Json };

/**
 * The output type of a program, from what a user declares.
 * @throws FuzzError FUZZ_OUTPUT_INVALID
 */
export function toOutputType(form: OutputForm | StandardSchemaV1 = "text"): OutputType {
  if (isStandardSchema(form)) {
    return schemaToOutputType(form);
  }
  if (form === "text" || form === "json") {
    return { type: form };
  }
  if (typeof form !== "object" || form === null) {
    throw invalid(`is ${JSON.stringify(form)}`);
  }
  const output = Array.isArray(form)
    ? { type: "labels", labels: form }
    : { type: "json", schema: form };
  const checked = outputTypeSchema.safeParse(output);
  if (!checked.success) {
    const { path = [], message = "" } = checked.error.issues[0] ?? {};
    throw invalid(`is not right: ${path.join(".")}: ${message}`);
  }
  return checked.data;
}

/** What a user declares, from the output type of a program. */
export function toOutputForm(output: OutputType): OutputForm {
  if (output.type === "labels") {
    return output.labels;
  }
  return output.type === "text" ? "text" : (output.schema ?? "json");
}

function invalid(trouble: string): FuzzError {
  return new FuzzError(`The output ${trouble}`, {
    code: "FUZZ_OUTPUT_INVALID",
    hint: 'Give a list of different labels, "text", "json", a JSON Schema object, or a schema of Zod, Valibot, ArkType and their like.',
  });
}
