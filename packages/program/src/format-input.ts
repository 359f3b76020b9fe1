import { z } from "zod";
import { FuzzError } from "./errors.ts";

// More texts than this are a table, not the input of one function.
const maxNames = 16;
const maxNameCharacters = 64;

/** Names of a function's inputs. `output` is taken: it is a column of the examples. */
export const inputNamesSchema = z
  .array(
    z
      .string()
      .max(maxNameCharacters)
      .regex(/^[A-Za-z][A-Za-z0-9_]*$/, "must be a letter, then letters, digits and _")
      .refine((name) => name !== "output", 'must not be "output"'),
  )
  .min(1)
  .max(maxNames)
  .refine((names) => new Set(names).size === names.length, "names must differ");

/** What a function takes: text, or, when it has named inputs, a text for each. */
export type FuzzyInput = string | Readonly<Record<string, string>>;

/**
 * An input as the text that the model reads. Named inputs are a line each in the order they are declared, so that
 * `{ query, snippet }` becomes `query: …\nsnippet: …`; a text may itself have several lines.
 * @param names of the inputs, from `meta.inputs`; undefined for a function of plain text.
 * @throws FuzzError FUZZ_INPUT_INVALID for a name that is missing, is not known or has no text
 */
export function formatInput(input: unknown, names: readonly string[] | undefined): string {
  if (names === undefined) {
    if (typeof input !== "string") {
      throw invalid(`The input is ${describe(input)}, not text`, "Give it as one text.");
    }
    return input;
  }
  const wanted = `It takes { ${names.join(", ")} }, each of them text.`;
  if (typeof input !== "object" || input === null || Array.isArray(input)) {
    throw invalid(`The input is ${describe(input)}, not its named texts`, wanted);
  }
  const unknown = Object.keys(input).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw invalid(`The input has an unknown name ${JSON.stringify(unknown)}`, wanted);
  }
  const texts = input as Record<string, unknown>;
  const lines = names.map((name) => {
    const text = Object.hasOwn(texts, name) ? texts[name] : undefined;
    if (typeof text !== "string") {
      const trouble =
        text === undefined ? `lacks ${name}` : `has ${describe(text)} as ${name}, not text`;
      throw invalid(`The input ${trouble}`, wanted);
    }
    return `${name}: ${text}`;
  });
  return lines.join("\n");
}

function describe(value: unknown): string {
  if (value === null || value === undefined) {
    return String(value);
  }
  return Array.isArray(value) ? "a list" : typeof value === "object" ? "an object" : typeof value;
}

function invalid(message: string, hint: string): FuzzError {
  return new FuzzError(message, { code: "FUZZ_INPUT_INVALID", hint });
}
