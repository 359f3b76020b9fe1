import { z } from "zod";
import type { JsonSchemaObject, JsonValue } from "./json-value.ts";

// Labels share one token trie and one line of the task; more than this no longer fits a prompt.
const maxLabels = 4096;

export const jsonValueSchema: z.ZodType<JsonValue> = z.json();

const jsonSchemaObjectSchema: z.ZodType<JsonSchemaObject> = z.record(z.string(), z.json());

export const outputTypeSchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("labels"),
    labels: z
      .array(z.string().min(1))
      .min(1)
      .max(maxLabels)
      .refine((labels) => new Set(labels).size === labels.length, "labels must differ"),
  }),
  z.object({ type: z.literal("text") }),
  z.object({ type: z.literal("json"), schema: jsonSchemaObjectSchema.optional() }),
]);

/** What a function gives: one of its labels, text, or JSON (for a schema). */
export type OutputType = z.infer<typeof outputTypeSchema>;

export const exampleSchema = z.object({ input: z.string(), output: z.string() });

/** One input and its right output, both as the text the model sees; JSON outputs are compact JSON. */
export type Example = z.infer<typeof exampleSchema>;
