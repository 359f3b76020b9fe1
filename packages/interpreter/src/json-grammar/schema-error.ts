import { FuzzError } from "@fuzzc/program";

/** The error for a keyword whose meaning the decoder can't guarantee. */
export function unsupportedSchema(pointer: string, keyword: string, why: string): FuzzError {
  return new FuzzError(`The JSON Schema at "${pointer}" uses the keyword "${keyword}": ${why}`, {
    code: "FUZZ_SCHEMA_UNSUPPORTED",
    hint: "Leave it out or say it in another way; an output that could break the schema is never produced.",
  });
}

/** The error for a schema that is none. */
export function invalidSchema(pointer: string, why: string): FuzzError {
  return new FuzzError(`The JSON Schema at "${pointer}" is not valid: ${why}`, {
    code: "FUZZ_SCHEMA_INVALID",
  });
}

/** A step of a JSON pointer (RFC 6901). */
export function pointerTo(pointer: string, ...keys: (string | number)[]): string {
  return [
    pointer,
    ...keys.map((key) => String(key).replaceAll("~", "~0").replaceAll("/", "~1")),
  ].join("/");
}
