import type { JsonValue } from "@fuzzc/program";
import { Ajv2020, type Options } from "ajv/dist/2020.js";
import type { JsonSchema } from "./check-schema.ts";
import { chars, type GrammarNode } from "./grammar.ts";
import { GrammarMatcher } from "./match-grammar.ts";
import { parsePattern } from "./parse-pattern.ts";

const rootName = "fuzzc:root";

/** Checks values against a checked schema and parts of it. */
export interface Validator {
  /** Whether a value is valid for the whole schema. */
  isValid(value: JsonValue): boolean;
  /** A check for another schema, whose references point into the whole one. */
  compile(schema: JsonSchema): (value: JsonValue) => boolean;
}

/**
 * Opens a validator for a schema that `checkSchema` gave back. It is a second opinion on what the grammar promises:
 * ajv reads the schema on its own.
 */
export function openValidator(schema: JsonSchema): Validator {
  const ajv = new Ajv2020(options);
  const root = typeof schema === "boolean" ? {} : schema;
  ajv.addSchema({ ...root, $id: rootName }, rootName);
  const compile = (part: JsonSchema) => {
    const validate = ajv.compile(typeof part === "boolean" ? part : absolute(part));
    return (value: JsonValue) => {
      try {
        return validate(value) === true;
      } catch {
        // ajv can't compare objects that have a property such as "toString"; then the grammar's word has to do.
        return true;
      }
    };
  };
  let whole: ((value: JsonValue) => boolean) | undefined;
  return {
    compile,
    isValid(value) {
      whole ??= compile(schema);
      return whole(value);
    },
  };
}

// A pattern out of someone else's program could keep a backtracking engine busy for ever; ours is linear.
const linearEngine = Object.assign(
  (pattern: string) => {
    const { node } = parsePattern(pattern, (ranges) => chars(ranges));
    const matcher = new GrammarMatcher({ root: node, rules: new Map<string, GrammarNode>() });
    return {
      test: (value: string) =>
        matcher.advance(matcher.start, new TextEncoder().encode(value))?.complete ?? false,
    };
  },
  { code: "" },
);

const options: Options = {
  // Keywords have been checked, formats are kept by the grammar.
  strict: false,
  validateFormats: false,
  validateSchema: false,
  logger: false,
  code: { regExp: linearEngine },
};

/** Makes references inside a part of a schema point into the root. */
function absolute(value: JsonSchema): JsonSchema;
function absolute(value: JsonValue): JsonValue;
function absolute(value: JsonValue): JsonValue {
  if (Array.isArray(value)) {
    return value.map((item) => absolute(item));
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [
      key,
      key === "$ref" && typeof part === "string" ? `${rootName}${part}` : absolute(part),
    ]),
  );
}
