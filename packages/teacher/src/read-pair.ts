import { checkSchema, openValidator } from "@fuzzc/interpreter";
import {
  type FuzzyInput,
  formatInput,
  inputPlaceholder,
  type JsonSchemaObject,
  type JsonValue,
  type OutputType,
} from "@fuzzc/program";
import { orderKeys } from "./order-keys.ts";
import type { Pair } from "./pair.ts";
import { limitCharacters, type PairsRequest } from "./pairs-request.ts";

/** Reads what a teacher wrote; undefined for all that is not of the function's form. */
export interface PairReader {
  readPair(item: JsonValue): Pair | undefined;
  /** An output as the compiler takes it: a label or text as it is, JSON without spaces. */
  readOutput(output: JsonValue | undefined): { value: JsonValue; text: string } | undefined;
}

/**
 * @throws FuzzError FUZZ_SCHEMA_INVALID, FUZZ_SCHEMA_UNSUPPORTED for the schema of the output
 */
export function openPairReader(request: PairsRequest): PairReader {
  const { output, inputs } = request;
  const limits = limitCharacters(request);
  const readValue = openOutputReader(output);
  const readOutput: PairReader["readOutput"] = (given) => {
    const value = given === undefined ? undefined : readValue(given);
    if (value === undefined) {
      return undefined;
    }
    const text = output.type === "json" ? JSON.stringify(value) : (value as string);
    return isUsable(text, limits.output) ? { value, text } : undefined;
  };
  return {
    readOutput,
    readPair(item) {
      if (typeof item !== "object" || item === null || Array.isArray(item)) {
        return undefined;
      }
      const input = inputText(item.input, inputs, limits.input);
      const read = readOutput(item.output);
      if (input === undefined || read === undefined) {
        return undefined;
      }
      return {
        input: item.input as FuzzyInput,
        output: read.value,
        example: { input, output: read.text },
      };
    },
  };
}

function openOutputReader(output: OutputType): (value: JsonValue) => JsonValue | undefined {
  switch (output.type) {
    case "labels":
      return (value) => {
        const spellings = typeof value === "string" ? [value, value.trim()] : [];
        return spellings.find((label) => output.labels.includes(label));
      };
    case "text":
      return (value) => (typeof value === "string" && value.trim() !== "" ? value : undefined);
    case "json":
      return output.schema === undefined ? (value) => value : openSchemaReader(output.schema);
  }
}

function openSchemaReader(schema: JsonSchemaObject) {
  const validator = openValidator(checkSchema(schema));
  return (value: JsonValue) => (validator.isValid(value) ? orderKeys(value, schema) : undefined);
}

function inputText(
  input: JsonValue | undefined,
  names: PairsRequest["inputs"],
  maxCharacters: number,
): string | undefined {
  try {
    const text = formatInput(input, names);
    return isUsable(text, maxCharacters) && text.trim() !== "" ? text : undefined;
  } catch {
    return undefined;
  }
}

/** The placeholder would stand for another input in the prompt, and half a character is no text. */
function isUsable(text: string, maxCharacters: number): boolean {
  return (
    text.length <= maxCharacters && !text.includes(inputPlaceholder) && !/\p{Surrogate}/u.test(text)
  );
}
