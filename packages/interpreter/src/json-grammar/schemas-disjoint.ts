import { isDeepStrictEqual } from "node:util";
import type { JsonSchemaObject, JsonValue } from "@fuzzc/program";
import type { JsonSchema } from "./check-schema.ts";
import { type FlatSchema, flattenSchema } from "./flatten-schema.ts";
import { allTypes, inferTypes, typeOfValue } from "./infer-types.ts";
import { intersectTypes } from "./merge-keywords.ts";

const maxDepth = 16;

/**
 * Whether it is plain that no output made for one schema is valid for the other. "No" also means "not known".
 * @param strict whether nothing that is valid for one may be valid for the other, made for it or not.
 */
export function schemasDisjoint(
  a: JsonSchema,
  b: JsonSchema,
  root: JsonSchema,
  pointer: string,
  strict = false,
  depth = 0,
): boolean {
  const flatA = flattenSchema(a, root, pointer);
  const flatB = flattenSchema(b, root, pointer);
  if (flatA === false || flatB === false) {
    return true;
  }
  if (depth > maxDepth) {
    return false;
  }
  // What a union makes depends on what it is joined with, so of its branches all that is valid counts.
  const branchesDisjoint = ({ unions }: FlatSchema, other: JsonSchema) =>
    unions.some(({ branches }) =>
      branches.every((branch) => schemasDisjoint(branch, other, root, pointer, true, depth + 1)),
    );
  if (branchesDisjoint(flatA, b) || branchesDisjoint(flatB, a)) {
    return true;
  }
  const common = new Set([
    ...intersectTypes(madeTypes(flatA, strict), validTypes(flatB)),
    ...intersectTypes(validTypes(flatA), madeTypes(flatB, strict)),
  ]);
  if (common.size === 0 || enumsDisjoint(flatA.keywords, flatB.keywords)) {
    return true;
  }
  const isDisjoint = (inA: JsonSchema, inB: JsonSchema) =>
    schemasDisjoint(inA, inB, root, pointer, strict, depth + 1);
  return (
    common.size === 1 &&
    common.has("object") &&
    objectsDisjoint(flatA.keywords, flatB.keywords, isDisjoint)
  );
}

function enumsDisjoint({ enum: a }: JsonSchemaObject, { enum: b }: JsonSchemaObject): boolean {
  return (
    Array.isArray(a) &&
    Array.isArray(b) &&
    !a.some((value) => b.some((other) => isDeepStrictEqual(value, other)))
  );
}

function objectsDisjoint(
  a: JsonSchemaObject,
  b: JsonSchemaObject,
  isDisjoint: (inA: JsonSchema, inB: JsonSchema) => boolean,
): boolean {
  const requires = (schema: JsonSchemaObject, name: string) =>
    ((schema.required ?? []) as string[]).includes(name);
  const names = new Set([...((a.required ?? []) as string[]), ...((b.required ?? []) as string[])]);
  return [...names].some((name) => {
    const inA = propertyOf(a, name);
    const inB = propertyOf(b, name);
    // A property that one demands and the other forbids, or that both speak of and never agree on.
    return (
      (requires(a, name) && inB === false) ||
      (requires(b, name) && inA === false) ||
      (requires(a, name) && requires(b, name) && isDisjoint(inA, inB))
    );
  });
}

function propertyOf(schema: JsonSchemaObject, name: string): JsonSchema {
  const properties = (schema.properties ?? {}) as JsonSchemaObject;
  const found = Object.hasOwn(properties, name) ? properties[name] : schema.additionalProperties;
  return (found ?? true) as JsonSchema;
}

/** The types of what our grammar of a schema makes. */
function madeTypes(flat: FlatSchema, strict: boolean): string[] {
  if (strict || flat.unions.length > 0) {
    return validTypes(flat);
  }
  return flat.keywords.enum === undefined ? inferTypes(flat.keywords) : validTypes(flat);
}

/** The types that a schema does not rule out. */
function validTypes({ keywords }: FlatSchema): string[] {
  if (keywords.enum !== undefined) {
    return (keywords.enum as JsonValue[]).map(typeOfValue);
  }
  return (keywords.type as string[] | undefined) ?? allTypes;
}
