import type { JsonSchemaObject } from "@fuzzc/program";
import type { Question } from "./teacher.ts";

/** The JSON Schema of `{"items": […]}` for a question. */
export function listSchema(
  { item, definitions }: Question,
  limits: JsonSchemaObject = {},
): JsonSchemaObject {
  return {
    type: "object",
    properties: { items: { type: "array", items: item, ...limits } },
    required: ["items"],
    additionalProperties: false,
    ...definitions,
  };
}
