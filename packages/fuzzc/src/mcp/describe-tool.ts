import type { JsonValue, OutputType } from "@fuzzc/program";
import type { Tool as ProtocolTool } from "@modelcontextprotocol/sdk/types.js";
import type { Tool } from "./read-tools.ts";

/** A tool as the protocol lists it. */
export function describeTool({ name, spec, inputs = ["input"], output }: Tool): ProtocolTool {
  return {
    name,
    description: spec.trim(),
    inputSchema: {
      type: "object",
      properties: Object.fromEntries(inputs.map((input) => [input, { type: "string" }])),
      required: [...inputs],
      additionalProperties: false,
    },
    outputSchema: {
      type: "object",
      properties: {
        output: describeOutput(output),
        probability: { type: "number", minimum: 0, maximum: 1 },
        abstained: { type: "boolean" },
      },
      required: ["output", "probability", "abstained"],
      additionalProperties: false,
    },
    // It answers from what it holds, and changes nothing.
    annotations: { readOnlyHint: true, openWorldHint: false },
  };
}

/** The JSON Schema of an output; null where the function abstains. */
function describeOutput(output: OutputType): { [key: string]: JsonValue } {
  switch (output.type) {
    case "labels":
      return { enum: [...output.labels, null] };
    case "text":
      return { type: ["string", "null"] };
    case "json": {
      const { $schema: _, $id: __, ...schema } = output.schema ?? {};
      // References are from the schema's top, which this is not.
      return JSON.stringify(schema).includes('"$ref"') ? {} : { anyOf: [schema, { type: "null" }] };
    }
  }
}
