import fc from "fast-check";
import { expect, it } from "vitest";
import type { GrammarNode } from "./grammar.ts";
import { GrammarMatcher } from "./match-grammar.ts";
import { integerBetween, type NumberBounds, numberBetween } from "./number-grammar.ts";
import { walkGrammar } from "./walk-grammar.ts";

const rules = new Map();

function accepts(root: GrammarNode, text: string): boolean {
  const matcher = new GrammarMatcher({ root, rules });
  return matcher.advance(matcher.start, new TextEncoder().encode(text))?.complete ?? false;
}

function isWithin(value: number, bounds: NumberBounds): boolean {
  return (
    (bounds.exclusiveMinimum ? value > bounds.minimum : value >= bounds.minimum) &&
    (bounds.exclusiveMaximum ? value < bounds.maximum : value <= bounds.maximum)
  );
}

const bound = fc.oneof(
  fc.integer({ min: -25, max: 25 }),
  fc.integer({ min: -12_345, max: 12_345 }),
  fc.constantFrom(0, 99_999_999_999_999, -99_999_999_999_999),
);
const bounds = fc.record({
  minimum: fc.oneof(bound, fc.constant(Number.NEGATIVE_INFINITY)),
  exclusiveMinimum: fc.boolean(),
  maximum: fc.oneof(bound, fc.constant(Number.POSITIVE_INFINITY)),
  exclusiveMaximum: fc.boolean(),
});

it("takes exactly the integers between its bounds", () => {
  fc.assert(
    fc.property(bounds, fc.integer({ min: -15_000, max: 15_000 }), (limits, offset) => {
      const node = integerBetween(limits);
      for (const value of [offset, limits.minimum, limits.maximum, limits.minimum + 1]) {
        if (Number.isFinite(value)) {
          expect(accepts(node, String(value + 0))).toBe(isWithin(value, limits));
        }
      }
      expect(accepts(node, "-0")).toBe(false);
      expect(accepts(node, `0${Math.abs(offset)}`)).toBe(false);
    }),
    { numRuns: 500 },
  );
});

it("takes the integers between bounds that are not whole", () => {
  const node = integerBetween({
    minimum: -1.5,
    exclusiveMinimum: true,
    maximum: 2.5,
    exclusiveMaximum: false,
  });
  expect(["-2", "-1", "0", "2", "3"].map((text) => accepts(node, text))).toEqual([
    false,
    true,
    true,
    true,
    false,
  ]);
});

it("takes exactly the numbers of few digits between its bounds", () => {
  const value = fc
    .tuple(fc.integer({ min: -30, max: 30 }), fc.constantFrom("", ".0", ".5", ".04", ".999"))
    .map(([whole, fraction]) => `${whole}${fraction}`);
  fc.assert(
    fc.property(bounds, value, (limits, text) => {
      // Bounds of many digits leave few for the fraction.
      fc.pre(
        ![limits.minimum, limits.maximum].some(
          (one) => Number.isFinite(one) && Math.abs(one) > 1e9,
        ),
      );
      // The bound that is farther from zero is written without a fraction.
      fc.pre(!text.endsWith(".0") || ![limits.minimum, limits.maximum].includes(Number(text)));
      const node = numberBetween(limits);
      // Zero is written without a sign.
      const expected =
        isWithin(Number(text), limits) && !(Number(text) === 0 && text.startsWith("-"));
      expect(node && accepts(node, text)).toBe(expected);
    }),
    { numRuns: 1000 },
  );
});

it("makes only numbers between its bounds", () => {
  fc.assert(
    fc.property(bounds, fc.infiniteStream(fc.nat(2 ** 20)), (limits, choices) => {
      const node = numberBetween(limits) as GrammarNode;
      const matcher = new GrammarMatcher({ root: node, rules });
      if (matcher.start.places.length > 0) {
        let text = "";
        try {
          text = walkGrammar({ root: node, rules }, () => choices.next().value as number);
        } catch {
          // The walk took a branch without a text; only pruned grammars have none.
          return;
        }
        expect(isWithin(Number(text), limits)).toBe(true);
        expect(JSON.parse(text)).toBe(Number(text));
      }
    }),
    { numRuns: 1000 },
  );
});

it("has no grammar for bounds it can't keep exactly", () => {
  const open = {
    exclusiveMinimum: false,
    maximum: Number.POSITIVE_INFINITY,
    exclusiveMaximum: false,
  };
  expect(numberBetween({ ...open, minimum: 0.5 })).toBeUndefined();
  expect(numberBetween({ ...open, minimum: 1e15 })).toBeUndefined();
});
