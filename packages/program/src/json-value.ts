/** A value that JSON can hold. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | JsonValue[]
  | { [key: string]: JsonValue };

/** A JSON Schema, kept as it was written: the order of its properties is the order of the output. */
export type JsonSchemaObject = { [key: string]: JsonValue };
