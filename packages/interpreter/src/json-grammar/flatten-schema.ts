import type { JsonSchemaObject, JsonValue } from "@fuzzc/program";
import type { JsonSchema } from "./check-schema.ts";
import { mergeKeywords } from "./merge-keywords.ts";
import { invalidSchema, pointerTo, unsupportedSchema } from "./schema-error.ts";

/** A schema without $ref and allOf: plain keywords, and unions of which one branch each must hold as well. */
export interface FlatSchema {
  /** `type` and `enum` are lists, `const` is an `enum` of one. */
  keywords: JsonSchemaObject;
  unions: Union[];
}

export interface Union {
  keyword: "anyOf" | "oneOf";
  branches: readonly JsonSchema[];
  pointer: string;
}

// Deep enough for any real schema; stops schemas that name themselves without end.
const maxSteps = 64;

/**
 * Puts a schema, what it refers to and its allOf into one.
 * @returns false when nothing can match.
 * @throws FuzzError FUZZ_SCHEMA_INVALID for a reference to nothing, FUZZ_SCHEMA_UNSUPPORTED
 */
export function flattenSchema(
  schema: JsonSchema,
  root: JsonSchema,
  pointer: string,
  steps = 0,
): FlatSchema | false {
  if (schema === false) {
    return false;
  }
  if (schema === true) {
    return { keywords: {}, unions: [] };
  }
  if (steps > maxSteps) {
    throw invalidSchema(pointer, "it refers to itself without an end");
  }
  const { $ref, allOf, anyOf, oneOf, $defs: _, definitions: __, ...own } = schema;
  let flat: FlatSchema | false = { keywords: normalize(own), unions: [] };
  if (anyOf !== undefined) {
    flat.unions.push({ keyword: "anyOf", branches: anyOf as JsonSchema[], pointer });
  }
  if (oneOf !== undefined) {
    flat.unions.push({ keyword: "oneOf", branches: oneOf as JsonSchema[], pointer });
  }
  if ($ref !== undefined) {
    const target = resolveReference($ref as string, root, pointer);
    flat = join(flat, flattenSchema(target, root, ($ref as string).slice(1), steps + 1), pointer);
  }
  for (const [index, part] of ((allOf ?? []) as JsonSchema[]).entries()) {
    const at = pointerTo(pointer, "allOf", index);
    flat = join(flat, flattenSchema(part, root, at, steps + 1), pointer);
  }
  return flat;
}

/** The schema that holds where both hold. */
export function join(
  a: FlatSchema | false,
  b: FlatSchema | false,
  pointer: string,
): FlatSchema | false {
  if (a === false || b === false) {
    return false;
  }
  return {
    keywords: mergeKeywords(a.keywords, b.keywords, pointer),
    unions: [...a.unions, ...b.unions],
  };
}

/**
 * The schema that a reference inside the document names.
 * @throws FuzzError FUZZ_SCHEMA_INVALID, FUZZ_SCHEMA_UNSUPPORTED for a reference to another document
 */
export function resolveReference(reference: string, root: JsonSchema, pointer: string): JsonSchema {
  if (!/^#(\/|$)/.test(reference)) {
    throw unsupportedSchema(pointer, "$ref", `"${reference}" is not a JSON pointer in this schema`);
  }
  let found: JsonValue | undefined = root;
  for (const step of reference.split("/").slice(1)) {
    const key = decodeStep(step, pointer);
    const holder: JsonValue | undefined = found;
    found =
      typeof holder === "object" && holder !== null && Object.hasOwn(holder, key)
        ? (holder as JsonSchemaObject)[key]
        : undefined;
  }
  const isSchema =
    typeof found === "boolean" ||
    (typeof found === "object" && found !== null && !Array.isArray(found));
  if (!isSchema) {
    throw invalidSchema(pointer, `$ref names "${reference}", which is not in it`);
  }
  return found as JsonSchema;
}

function decodeStep(step: string, pointer: string): string {
  try {
    return decodeURIComponent(step).replaceAll("~1", "/").replaceAll("~0", "~");
  } catch {
    throw invalidSchema(pointer, `"${step}" is not part of a JSON pointer`);
  }
}

function normalize(keywords: JsonSchemaObject): JsonSchemaObject {
  const { type, const: constant, enum: values, ...rest } = keywords;
  const normal: JsonSchemaObject = rest;
  if (type !== undefined) {
    normal.type = Array.isArray(type) ? type : [type];
  }
  const single = constant === undefined ? undefined : { enum: [constant] };
  const several = values === undefined ? undefined : { enum: values };
  const joined = single && several ? mergeKeywords(single, several, "") : (single ?? several);
  return { ...normal, ...joined };
}
