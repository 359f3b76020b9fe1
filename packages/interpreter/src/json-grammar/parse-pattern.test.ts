import { FuzzError } from "@fuzzc/program";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chars } from "./grammar.ts";
import { GrammarMatcher } from "./match-grammar.ts";
import { parsePattern } from "./parse-pattern.ts";
import { walkGrammar } from "./walk-grammar.ts";

const rules = new Map();
const parse = (pattern: string) => parsePattern(pattern, (ranges) => chars(ranges));

function matches(pattern: string, text: string): boolean {
  const matcher = new GrammarMatcher({ root: parse(pattern).node, rules });
  return matcher.advance(matcher.start, new TextEncoder().encode(text))?.complete ?? false;
}

const atoms = fc.constantFrom(
  "a",
  "b",
  "é",
  "\\d",
  "\\W",
  "\\s",
  ".",
  "[a-c]",
  "[^a\\d]",
  "[\\]\\-x]",
  "\\.",
  "\\u0062",
  "\\x61",
  "\\u{1f600}",
  "\\n",
  "\\/",
);
const { pattern: patterns } = fc.letrec<{ pattern: string }>((tie) => ({
  pattern: fc.oneof(
    { maxDepth: 3 },
    atoms,
    fc.tuple(tie("pattern"), tie("pattern")).map(([a, b]) => a + b),
    fc.tuple(tie("pattern"), tie("pattern")).map(([a, b]) => `(?:${a}|${b})`),
    fc
      .tuple(tie("pattern"), fc.constantFrom("*", "+", "?", "{2}", "{0,2}", "{1,}", "*?"))
      .map(([a, count]) => `(${a})${count}`),
  ),
}));
const wholes = fc
  .tuple(fc.constantFrom("", "^"), patterns, fc.constantFrom("", "$"))
  .map(([start, pattern, end]) => start + pattern + end);

describe("parsePattern", () => {
  it("takes and refuses the texts that RegExp takes and refuses", () => {
    const texts = fc.string({ unit: fc.constantFrom(..."aAbcé1 .\n]-x/😀_"), maxLength: 6 });
    fc.assert(
      fc.property(wholes, texts, (pattern, text) => {
        expect(matches(pattern, text)).toBe(new RegExp(pattern, "u").test(text));
      }),
      { numRuns: 2000 },
    );
  });

  it("makes only texts that RegExp takes, of a length that it tells", () => {
    fc.assert(
      fc.property(wholes, fc.infiniteStream(fc.nat(2 ** 20)), (pattern, choices) => {
        const { node, minLength, maxLength } = parse(pattern);
        const text = walkGrammar({ root: node, rules }, () => choices.next().value as number);
        expect(new RegExp(pattern, "u").test(text)).toBe(true);
        expect(Array.from(text).length).toBeGreaterThanOrEqual(minLength);
        expect(Array.from(text).length).toBeLessThanOrEqual(maxLength);
      }),
      { numRuns: 500 },
    );
  });

  it("gives a grammar or a FuzzError for any text", () => {
    const text = fc.string({ unit: fc.constantFrom(..."ab()[]{}^$|?*+\\-,.019:=!<>uxdpk") });
    fc.assert(
      fc.property(text, (pattern) => {
        try {
          parse(pattern);
        } catch (error) {
          expect(FuzzError.isInstance(error) && error.code).toBe("FUZZ_PATTERN_UNSUPPORTED");
        }
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    "(?=a)",
    "(?!a)",
    "(?<=a)b",
    "(a)\\1",
    "\\bword",
    "\\p{L}",
    "a^b",
    "a$b",
    "(^a)",
    "(",
    "a{9999}",
  ])("refuses %s", (pattern) => {
    expect(() => parse(pattern)).toThrow(/can't be used/);
  });
});
