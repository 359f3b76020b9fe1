import fc from "fast-check";
import { expect, it } from "vitest";
import {
  type CodeRange,
  complementRanges,
  intersectRanges,
  normalizeRanges,
  subtractRanges,
  touchesRanges,
} from "./code-ranges.ts";

const range = fc
  .tuple(fc.nat(60), fc.nat(20))
  .map(([first, length]): CodeRange => [first, first + length]);
const ranges = fc.array(range, { maxLength: 6 });
const has = (list: readonly CodeRange[], code: number) =>
  list.some(([first, last]) => code >= first && code <= last);

it("does what sets do", () => {
  fc.assert(
    fc.property(ranges, ranges, fc.nat(90), (a, b, code) => {
      const [inA, inB] = [has(a, code), has(b, code)];
      const [normalA, normalB] = [normalizeRanges(a), normalizeRanges(b)];
      expect(has(normalA, code)).toBe(inA);
      expect(touchesRanges(normalA, code, code)).toBe(inA);
      expect(has(complementRanges(a), code)).toBe(!inA);
      expect(has(subtractRanges(normalA, normalB), code)).toBe(inA && !inB);
      expect(has(intersectRanges(normalA, normalB), code)).toBe(inA && inB);
      normalA.slice(1).forEach(([first], index) => {
        expect(first).toBeGreaterThan((normalA[index] as CodeRange)[1] + 1);
      });
    }),
  );
});

it("knows no surrogates", () => {
  for (const list of [normalizeRanges([[0, 0x10ffff]]), complementRanges([])]) {
    expect(list).toEqual([
      [0, 0xd7ff],
      [0xe000, 0x10ffff],
    ]);
  }
});
