import type { JsonSchemaObject } from "@fuzzc/program";
import { anyInteger, anyNumber } from "./generic-json.ts";
import type { GrammarNode } from "./grammar.ts";
import { integerBetween, numberBetween } from "./number-grammar.ts";
import { unsupportedSchema } from "./schema-error.ts";

/**
 * A number as its keywords want it.
 * @throws FuzzError FUZZ_SCHEMA_UNSUPPORTED for multipleOf other than 1, and for bounds of numbers that are not whole
 */
export function numberGrammar(
  integer: boolean,
  keywords: JsonSchemaObject,
  pointer: string,
): GrammarNode {
  const { multipleOf, minimum, maximum, exclusiveMinimum, exclusiveMaximum } = keywords;
  if (multipleOf !== undefined && multipleOf !== 1) {
    throw unsupportedSchema(pointer, "multipleOf", "only 1 is supported");
  }
  const whole = integer || multipleOf === 1;
  const numbers = (...values: unknown[]) => values.filter((value) => typeof value === "number");
  const low = Math.max(Number.NEGATIVE_INFINITY, ...numbers(minimum, exclusiveMinimum));
  const high = Math.min(Number.POSITIVE_INFINITY, ...numbers(maximum, exclusiveMaximum));
  if (low === Number.NEGATIVE_INFINITY && high === Number.POSITIVE_INFINITY) {
    return whole ? anyInteger : anyNumber;
  }
  const bounds = {
    minimum: low,
    exclusiveMinimum: low === exclusiveMinimum,
    maximum: high,
    exclusiveMaximum: high === exclusiveMaximum,
  };
  const node = whole ? integerBetween(bounds) : numberBetween(bounds);
  if (node === undefined) {
    const keyword = Object.keys(keywords).find((key) => /m(in|ax)imum$/i.test(key)) ?? "minimum";
    throw unsupportedSchema(
      pointer,
      keyword,
      "bounds of a number must be whole, of at most 14 digits",
    );
  }
  return node;
}
