import type { JsonSchemaObject, JsonValue, OutputType } from "@fuzzc/program";

/** The JSON Schema of an output inside a larger schema, and the definitions that its references need at the top. */
export interface OutputSchema {
  schema: JsonSchemaObject;
  definitions: JsonSchemaObject;
}

const definitionKeys = ["$defs", "definitions"];

/** What a teacher is told of the form of an output; whether it kept to it is checked afterwards, by the whole schema. */
export function outputSchema(output: OutputType): OutputSchema {
  switch (output.type) {
    case "labels":
      return { schema: { type: "string", enum: [...output.labels] }, definitions: {} };
    case "text":
      return { schema: { type: "string" }, definitions: {} };
    case "json":
      return liftDefinitions(output.schema ?? {});
  }
}

/** References count from the top of a schema, so that definitions have to go there. */
function liftDefinitions(whole: JsonSchemaObject): OutputSchema {
  const { $schema: _, $id: __, ...schema } = whole;
  if (listReferences(schema).some((reference) => !/^#\/(\$defs|definitions)\//.test(reference))) {
    // It points to itself or elsewhere, and would point to something else from inside.
    return { schema: {}, definitions: {} };
  }
  const split = (isDefinition: boolean) =>
    Object.fromEntries(
      Object.entries(schema).filter(([key]) => definitionKeys.includes(key) === isDefinition),
    );
  return { schema: split(false), definitions: split(true) };
}

function listReferences(value: JsonValue): string[] {
  if (typeof value !== "object" || value === null) {
    return [];
  }
  return Object.entries(value).flatMap(([key, part]) =>
    key === "$ref" && typeof part === "string" ? [part] : listReferences(part),
  );
}
