import type { JsonSchemaObject, JsonValue } from "@fuzzc/program";
import { arrayGrammar } from "./array-grammar.ts";
import type { JsonSchema } from "./check-schema.ts";
import {
  type FlatSchema,
  flattenSchema,
  join,
  resolveReference,
  type Union,
} from "./flatten-schema.ts";
import { genericRules } from "./generic-json.ts";
import { choice, type Grammar, type GrammarNode, never, rule, text } from "./grammar.ts";
import { inferTypes, isOfType } from "./infer-types.ts";
import { numberGrammar } from "./number-keywords.ts";
import { objectGrammar, type PropertyGrammar } from "./object-grammar.ts";
import { invalidSchema, pointerTo, unsupportedSchema } from "./schema-error.ts";
import { schemasDisjoint } from "./schemas-disjoint.ts";
import { stringGrammar } from "./string-grammar.ts";
import { openValidator, type Validator } from "./validate-json.ts";

// Schemas that refer to themselves through allOf can grow without end.
const maxDepth = 64;
const maxParts = 20_000;

/** Turns a checked schema into a grammar, part by part. */
export class SchemaCompiler {
  readonly #root: JsonSchema;
  readonly #rules = new Map<string, GrammarNode>(genericRules);
  readonly #references = new Map<string, string>();
  #validator: Validator | undefined;
  #parts = 0;

  constructor(root: JsonSchema) {
    this.#root = root;
  }

  compile(): Grammar {
    return { root: this.#schema(this.#root, "", 0), rules: this.#rules };
  }

  #schema(schema: JsonSchema, pointer: string, depth: number): GrammarNode {
    this.#parts++;
    if (depth > maxDepth || this.#parts > maxParts) {
      throw invalidSchema(pointer, "it grows without end where schemas are joined");
    }
    if (schema === true) {
      return rule("json");
    }
    if (schema !== false && schema.$ref !== undefined && isPlainReference(schema)) {
      return this.#reference(schema.$ref as string, pointer, depth);
    }
    return this.#flat(flattenSchema(schema, this.#root, pointer), pointer, depth);
  }

  #reference(reference: string, pointer: string, depth: number): GrammarNode {
    const target = resolveReference(reference, this.#root, pointer);
    let name = this.#references.get(reference);
    if (name === undefined) {
      name = `ref-${this.#references.size}`;
      this.#references.set(reference, name);
      this.#rules.set(name, this.#schema(target, reference.slice(1), depth + 1));
    }
    return rule(name);
  }

  #flat(flat: FlatSchema | false, pointer: string, depth: number): GrammarNode {
    if (flat === false) {
      return never;
    }
    const [union, ...others] = flat.unions;
    if (union !== undefined) {
      return this.#union({ keywords: flat.keywords, unions: others }, union, depth);
    }
    if (flat.keywords.enum !== undefined) {
      return this.#values(flat.keywords, pointer);
    }
    return choice(
      ...inferTypes(flat.keywords).map((type) => this.#type(type, flat.keywords, pointer, depth)),
    );
  }

  #union(rest: FlatSchema, { keyword, branches, pointer }: Union, depth: number): GrammarNode {
    if (keyword === "oneOf") {
      this.#checkDisjoint(branches, pointer);
    }
    const alone = Object.keys(rest.keywords).length === 0 && rest.unions.length === 0;
    return choice(
      ...branches.map((branch, index) => {
        const at = pointerTo(pointer, keyword, index);
        if (alone) {
          return this.#schema(branch, at, depth + 1);
        }
        const joined = join(rest, flattenSchema(branch, this.#root, at), at);
        return this.#flat(joined, at, depth + 1);
      }),
    );
  }

  #checkDisjoint(branches: readonly JsonSchema[], pointer: string): void {
    branches.forEach((a, index) => {
      for (const b of branches.slice(index + 1)) {
        if (!schemasDisjoint(a, b, this.#root, pointer)) {
          throw unsupportedSchema(
            pointer,
            "oneOf",
            "a value could be valid for two of its schemas; use anyOf, or tell them apart by type or by a required constant",
          );
        }
      }
    });
  }

  #values(keywords: JsonSchemaObject, pointer: string): GrammarNode {
    const { enum: values, type, ...others } = keywords;
    let valid = values as JsonValue[];
    if (type !== undefined) {
      valid = valid.filter((value) => isOfType(value, type as string[]));
    }
    if (Object.keys(others).length > 0) {
      this.#validator ??= openValidator(this.#root);
      const isValid = this.#validator.compile(others);
      valid = valid.filter(isValid);
    }
    const texts = new Set(valid.map((value) => JSON.stringify(value)));
    if ([...texts].some((one) => /\\ud[89a-f]/i.test(one))) {
      throw unsupportedSchema(pointer, "enum", "a value holds half a surrogate pair");
    }
    return choice(...[...texts].map(text));
  }

  #type(type: string, keywords: JsonSchemaObject, pointer: string, depth: number): GrammarNode {
    switch (type) {
      case "null":
        return text("null");
      case "boolean":
        return choice(text("true"), text("false"));
      case "string":
        return stringGrammar(keywords, pointer);
      case "array":
        return this.#array(keywords, pointer, depth);
      case "object":
        return this.#object(keywords, pointer, depth);
      default:
        return numberGrammar(type === "integer", keywords, pointer);
    }
  }

  #array(keywords: JsonSchemaObject, pointer: string, depth: number): GrammarNode {
    const { prefixItems = [], items = true, minItems = 0, maxItems = Infinity } = keywords;
    const first = (prefixItems as JsonSchema[]).map((item, index) =>
      this.#schema(item, pointerTo(pointer, "prefixItems", index), depth + 1),
    );
    const further =
      items === false
        ? undefined
        : this.#schema(items as JsonSchema, pointerTo(pointer, "items"), depth + 1);
    return arrayGrammar(first, further, minItems as number, maxItems as number) ?? never;
  }

  #object(keywords: JsonSchemaObject, pointer: string, depth: number): GrammarNode {
    const { properties, required = [], additionalProperties } = keywords;
    const named = (properties ?? {}) as JsonSchemaObject;
    const demanded = required as string[];
    const grammars: PropertyGrammar[] = [];
    // A required name without a schema of its own falls under additionalProperties.
    for (const name of new Set([...Object.keys(named), ...demanded])) {
      const own = Object.hasOwn(named, name);
      const schema = (own ? named[name] : (additionalProperties ?? true)) as JsonSchema;
      const at = own
        ? pointerTo(pointer, "properties", name)
        : pointerTo(pointer, "additionalProperties");
      checkName(name, pointer);
      const value = this.#schema(schema, at, depth + 1);
      grammars.push({ name, value, required: demanded.includes(name) });
    }
    const further = additionalProperties ?? grammars.length === 0;
    return objectGrammar(
      grammars,
      further === false
        ? undefined
        : this.#schema(
            further as JsonSchema,
            pointerTo(pointer, "additionalProperties"),
            depth + 1,
          ),
      (node) => {
        const name = `rest-${this.#rules.size}`;
        this.#rules.set(name, node);
        return rule(name);
      },
    );
  }
}

function checkName(name: string, pointer: string): void {
  if (/[\ud800-\udfff]/u.test(name)) {
    throw unsupportedSchema(pointer, "properties", "a name holds half a surrogate pair");
  }
  // ajv takes it for a further property, and code that copies objects may take it for their prototype.
  if (name === "__proto__") {
    throw unsupportedSchema(pointer, "properties", 'no property may be named "__proto__"');
  }
}

function isPlainReference({
  $ref: _,
  $defs: __,
  definitions: ___,
  ...others
}: JsonSchemaObject): boolean {
  return Object.keys(others).length === 0;
}
