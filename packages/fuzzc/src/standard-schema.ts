import { FuzzError, type JsonSchemaObject, type JsonValue, type OutputType } from "@fuzzc/program";
import type { StandardJSONSchemaV1, StandardSchemaV1 } from "@standard-schema/spec";
import { closeObjects } from "./close-objects.ts";

/** Whether a value is a schema of Zod, Valibot, ArkType or another library of the Standard Schema; some are functions. */
export function isStandardSchema(value: unknown): value is StandardSchemaV1 {
  const mayBe = (typeof value === "object" && value !== null) || typeof value === "function";
  return mayBe && "~standard" in value;
}

/**
 * What the model may write so that the schema can take it: an enumeration of texts becomes labels, all else JSON.
 * @throws FuzzError FUZZ_OUTPUT_INVALID where the library can't say what JSON it takes
 */
export function schemaToOutputType(schema: StandardSchemaV1): OutputType {
  const standard = schema["~standard"] as StandardSchemaV1["~standard"] &
    Partial<StandardJSONSchemaV1["~standard"]>;
  if (standard.jsonSchema === undefined) {
    throw new FuzzError(`The output is a schema of ${standard.vendor} that gives no JSON Schema`, {
      code: "FUZZ_OUTPUT_INVALID",
      hint:
        standard.vendor === "valibot"
          ? 'Wrap it: import { toStandardJsonSchema } from "@valibot/to-json-schema", and output: toStandardJsonSchema(schema).'
          : "Take a version of the library that has ~standard.jsonSchema (Zod 4.2, ArkType 2.1.28), or give a JSON Schema.",
    });
  }
  const { $schema, ...json } = convert(standard.vendor, standard.jsonSchema);
  const texts = json.enum;
  return json.type !== "object" && Array.isArray(texts) && texts.every(isText)
    ? { type: "labels", labels: texts }
    : { type: "json", schema: closeObjects(json) };
}

/**
 * What the schema makes of an output: transforms apply.
 * @throws FuzzError FUZZ_OUTPUT_INVALID with all that the schema has to say
 */
export async function validateOutput<Output>(
  schema: StandardSchemaV1<unknown, Output>,
  value: JsonValue,
): Promise<Output> {
  const result = await schema["~standard"].validate(value);
  if (result.issues === undefined) {
    return result.value;
  }
  const troubles = result.issues.map(({ message, path = [] }) => {
    const keys = path.map((part) => String(typeof part === "object" ? part.key : part));
    return keys.length > 0 ? `${keys.join(".")}: ${message}` : message;
  });
  throw new FuzzError(
    `The schema refuses the output ${JSON.stringify(value)}: ${troubles.join("; ")}`,
    {
      code: "FUZZ_OUTPUT_INVALID",
      hint: "It asks for more than JSON Schema can say: put it in the spec and in examples, or ask for less.",
      cause: result.issues,
    },
  );
}

const isText = (value: unknown) => typeof value === "string";

function convert(vendor: string, converter: StandardJSONSchemaV1.Converter): JsonSchemaObject {
  try {
    const json = converter.input({ target: "draft-2020-12" });
    // Some libraries leave keys that are undefined.
    return JSON.parse(JSON.stringify(json)) as JsonSchemaObject;
  } catch (cause) {
    throw new FuzzError(
      `The output's schema can't be told to the model: ${vendor}: ${(cause as Error).message}`,
      {
        code: "FUZZ_OUTPUT_INVALID",
        hint: "Begin with what JSON has (a text, say) and transform it in the schema.",
        cause,
      },
    );
  }
}
