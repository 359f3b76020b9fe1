import { FuzzError } from "@fuzzc/program";
import { checkProgress } from "./check-progress.ts";
import { checkSchema, type JsonSchema } from "./check-schema.ts";
import { genericRules } from "./generic-json.ts";
import { type Grammar, rule } from "./grammar.ts";
import { pruneGrammar } from "./prune-grammar.ts";
import { SchemaCompiler } from "./schema-compiler.ts";
import { measureShortest } from "./shortest-text.ts";

/** Code points of the shortest JSON: more never fits the room for an output. */
const maxShortest = 16_384;

/**
 * The grammar of compact JSON that is valid for a schema; without a schema, of any JSON.
 *
 * Whatever the grammar matches is valid. The reverse does not hold, on purpose: properties come in the schema's order,
 * objects hold only the properties that are named unless `additionalProperties` says otherwise, numbers have at most 15
 * digits, and a schema without `type` gives the types that its keywords speak of.
 * @throws FuzzError FUZZ_SCHEMA_UNSUPPORTED naming the keyword and where it stands, FUZZ_SCHEMA_INVALID, and
 * FUZZ_SCHEMA_EMPTY when no JSON of reasonable length is valid.
 */
export function compileSchema(schema?: JsonSchema): Grammar {
  if (schema === undefined) {
    return { root: rule("json"), rules: genericRules };
  }
  const compiled = new SchemaCompiler(checkSchema(schema)).compile();
  checkProgress(compiled);
  const grammar = pruneGrammar(compiled);
  if (grammar === undefined || measureShortest(grammar)(grammar.root) > maxShortest) {
    const what =
      grammar === undefined ? "No JSON" : `No JSON of ${maxShortest} characters or fewer`;
    throw new FuzzError(`${what} is valid for the JSON Schema`, {
      code: "FUZZ_SCHEMA_EMPTY",
      hint: "Look for a property that is required but can't be made, or a type that excludes its own enum.",
    });
  }
  return grammar;
}
