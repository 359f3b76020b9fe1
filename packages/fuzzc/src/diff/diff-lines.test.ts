import fc from "fast-check";
import { expect, test } from "vitest";
import { diffLines } from "./diff-lines.ts";

test("keeps the lines that are in both", () => {
  const signs = diffLines("a\nb\nc\nd", "a\nc\nx\nd").map(({ sign, text }) => sign + text);
  expect(signs).toEqual([" a", "-b", " c", "+x", " d"]);
  expect(diffLines("a\nb", "a\nb")).toEqual([]);
  expect(diffLines("a", "b").map(({ sign }) => sign)).toEqual(["-", "+"]);
});

test("both texts can be read out of it", () => {
  const text = fc.array(fc.constantFrom("a", "b", "c", ""), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(text, text, (left, right) => {
      fc.pre(left.join("\n") !== right.join("\n"));
      const lines = diffLines(left.join("\n"), right.join("\n"));
      const of = (sign: string) => {
        return lines.filter((line) => line.sign !== sign).map((line) => line.text);
      };
      expect(of("+")).toEqual(left);
      expect(of("-")).toEqual(right);
    }),
  );
});

test("texts that are too long for a table are replaced as a whole", () => {
  const long = Array.from({ length: 3000 }, (_, index) => `${index}`).join("\n");
  expect(diffLines(long, `${long}\n`)).toHaveLength(6001);
});
