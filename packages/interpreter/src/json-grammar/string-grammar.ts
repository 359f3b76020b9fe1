import type { JsonSchemaObject } from "@fuzzc/program";
import { FuzzError } from "@fuzzc/program";
import { type GrammarNode, repeat, sequence, text } from "./grammar.ts";
import { anyCharacter, encodeCharacters } from "./json-characters.ts";
import { parsePattern } from "./parse-pattern.ts";
import { unsupportedSchema } from "./schema-error.ts";

const time = String.raw`([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)`;
const leapYear = String.raw`(\d\d(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)`;
const date = [
  String.raw`(\d{4}-((0[13578]|1[02])-(0[1-9]|[12]\d|3[01])`,
  String.raw`|(0[469]|11)-(0[1-9]|[12]\d|30)|02-(0[1-9]|1\d|2[0-8]))`,
  `|${leapYear}-02-29)`,
].join("");
const byte = String.raw`(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)`;

/** Formats as patterns; each gives a part of what its RFC allows, and nothing else. */
const formats: Record<string, string> = {
  date: `^${date}$`,
  "date-time": `^${date}T${time}$`,
  email: String.raw`^[A-Za-z0-9_+-]+(\.[A-Za-z0-9_+-]+)*@[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)+$`,
  ipv4: String.raw`^${byte}(\.${byte}){3}$`,
  time: `^${time}$`,
  uuid: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
};

/** A JSON string as its keywords want it. */
export function stringGrammar(keywords: JsonSchemaObject, pointer: string): GrammarNode {
  const min = (keywords.minLength ?? 0) as number;
  const max = (keywords.maxLength ?? Number.POSITIVE_INFINITY) as number;
  const pattern = patternOf(keywords, pointer);
  if (pattern === undefined) {
    return quoted(max < min ? undefined : repeat(anyCharacter, min, max));
  }
  try {
    const parsed = parsePattern(pattern, encodeCharacters);
    if (parsed.minLength < min || parsed.maxLength > max) {
      throw unsupportedSchema(
        pointer,
        keywords.minLength === undefined ? "maxLength" : "minLength",
        `texts of the pattern "${pattern}" can break it; put the length into the pattern, between ^ and $`,
      );
    }
    return quoted(parsed.node);
  } catch (error) {
    if (FuzzError.isInstance(error) && error.code === "FUZZ_PATTERN_UNSUPPORTED") {
      throw unsupportedSchema(pointer, "pattern", error.message);
    }
    throw error;
  }
}

function patternOf({ pattern, format }: JsonSchemaObject, pointer: string): string | undefined {
  if (format === undefined) {
    return pattern as string | undefined;
  }
  const known = Object.hasOwn(formats, format as string) ? formats[format as string] : undefined;
  if (known === undefined) {
    const names = Object.keys(formats).join(", ");
    throw unsupportedSchema(pointer, "format", `of formats only ${names} are supported`);
  }
  if (pattern !== undefined) {
    throw unsupportedSchema(pointer, "pattern", "it can't be joined with a format");
  }
  return known;
}

function quoted(inner: GrammarNode | undefined): GrammarNode {
  return inner === undefined
    ? { kind: "choice", items: [] }
    : sequence(text('"'), inner, text('"'));
}
