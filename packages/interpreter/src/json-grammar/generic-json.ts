import {
  chars,
  choice,
  type GrammarNode,
  optional,
  repeat,
  rule,
  sequence,
  text,
} from "./grammar.ts";
import { anyCharacter } from "./json-characters.ts";

const digit = chars([[0x30, 0x39]]);
const nonZero = chars([[0x31, 0x39]]);

// Fifteen digits are exact in a double, two of exponent keep it finite, and both keep a number from running for ever.
export const maxDigits = 15;
const whole = choice(text("0"), sequence(nonZero, repeat(digit, 0, maxDigits - 1)));

/** Any integer of at most 15 digits; zero has no sign. */
export const anyInteger: GrammarNode = choice(
  text("0"),
  sequence(optional(text("-")), nonZero, repeat(digit, 0, maxDigits - 1)),
);

/** Any number: at most 15 digits before and after the point and 2 in the exponent. */
export const anyNumber: GrammarNode = sequence(
  optional(text("-")),
  whole,
  optional(sequence(text("."), repeat(digit, 1, maxDigits))),
  optional(
    sequence(
      chars([
        [0x45, 0x45],
        [0x65, 0x65],
      ]),
      optional(
        chars([
          [0x2b, 0x2b],
          [0x2d, 0x2d],
        ]),
      ),
      repeat(digit, 1, 2),
    ),
  ),
);

export const anyString: GrammarNode = sequence(text('"'), repeat(anyCharacter, 0), text('"'));

/** Items between brackets, with commas between them. */
export function listOf(item: GrammarNode): GrammarNode {
  return optional(sequence(item, repeat(sequence(text(","), item), 0)));
}

/** Rules for any JSON value: `json`, `json-object` and `json-array`. */
export const genericRules: ReadonlyMap<string, GrammarNode> = new Map([
  [
    "json",
    choice(
      rule("json-object"),
      rule("json-array"),
      anyString,
      anyNumber,
      text("true"),
      text("false"),
      text("null"),
    ),
  ],
  [
    "json-object",
    sequence(text("{"), listOf(sequence(anyString, text(":"), rule("json"))), text("}")),
  ],
  ["json-array", sequence(text("["), listOf(rule("json")), text("]"))],
]);
