import type { JsonValue } from "@fuzzc/program";

/**
 * The type of the values of a JSON Schema that is written in place, or `as const`. What it does not follow, such as
 * `$ref` and `allOf`, is a `JsonValue`.
 */
export type ValueOf<Schema> = Schema extends { readonly const: infer Value }
  ? Writable<Value>
  : Schema extends { readonly enum: readonly (infer Value)[] }
    ? Writable<Value>
    : Schema extends { readonly anyOf: readonly (infer Choice)[] }
      ? ValueOf<Choice>
      : Schema extends { readonly type: readonly (infer Type)[] }
        ? ValueOfType<Type, Schema>
        : Schema extends { readonly type: infer Type }
          ? ValueOfType<Type, Schema>
          : JsonValue;

type ValueOfType<Type, Schema> = Type extends keyof Scalars
  ? Scalars[Type]
  : Type extends "array"
    ? Schema extends { readonly items: infer Item; readonly prefixItems?: never }
      ? ValueOf<Item>[]
      : JsonValue[]
    : Type extends "object"
      ? Schema extends { readonly properties: infer Properties }
        ? ObjectOf<Properties, RequiredOf<Schema>>
        : { [key: string]: JsonValue }
      : JsonValue;

interface Scalars {
  string: string;
  number: number;
  integer: number;
  boolean: boolean;
  null: null;
}

type RequiredOf<Schema> = Schema extends { readonly required: readonly (infer Name)[] }
  ? Name
  : never;

type ObjectOf<Properties, Required> = Flat<
  { -readonly [Name in keyof Properties as Name & Required]: ValueOf<Properties[Name]> } & {
    -readonly [Name in keyof Properties as Exclude<Name, Required>]?: ValueOf<Properties[Name]>;
  }
>;

/** One object type instead of an intersection, for readers of editor tips. */
type Flat<Type> = { [Name in keyof Type]: Type[Name] };

type Writable<Value> = { -readonly [Name in keyof Value]: Writable<Value[Name]> };
