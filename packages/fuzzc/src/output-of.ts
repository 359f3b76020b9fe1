import type { JsonValue } from "@fuzzc/program";
import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { Json, OutputForm } from "./output-form.ts";
import type { ValueOf } from "./value-of.ts";

/** The type of what a function of that form answers. */
export type OutputOf<Form extends OutputForm | StandardSchemaV1> = Form extends StandardSchemaV1
  ? StandardSchemaV1.InferOutput<Form>
  : Form extends readonly (infer Label extends string)[]
    ? Label
    : Form extends "text"
      ? string
      : Form extends "json"
        ? JsonValue
        : ValueOf<Form>;

/** The type of an example's output: labels are checked, and the input of a schema. */
export type ExampleOutput<Form extends OutputForm | StandardSchemaV1> =
  Form extends StandardSchemaV1
    ? StandardSchemaV1.InferInput<Form>
    : Form extends readonly (infer Label extends string)[]
      ? Label
      : Json;
