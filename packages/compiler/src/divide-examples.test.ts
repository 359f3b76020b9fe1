import fc from "fast-check";
import { expect, test } from "vitest";
import { divideExamples } from "./divide-examples.ts";

test("holds back a fifth of many examples, and each of few exactly once", () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 60 }), (count) => {
      const examples = Array.from({ length: count }, (_, index) => ({
        input: `${index}`,
        output: "x",
      }));
      const divisions = divideExamples(examples);
      for (const { train, heldBack } of divisions) {
        expect(train.length).toBeGreaterThan(0);
        expect([...train, ...heldBack].toSorted((a, b) => a - b)).toEqual([...examples.keys()]);
      }
      const heldBack = divisions.flatMap((division) => division.heldBack);
      expect(new Set(heldBack).size).toBe(heldBack.length);
      expect(heldBack.length).toBe(count < 20 ? count : Math.floor(count / 5));
    }),
  );
});
