import fc from "fast-check";
import { expect, test } from "vitest";
import { FuzzError } from "./errors.ts";
import { permuteRows, unpermuteRows } from "./permute-rows.ts";

test("the halves of each head are interleaved, as in llama.cpp's conversion", () => {
  // numpy: arange(16).reshape(2, 2, 4).swapaxes(1, 2).reshape(16)
  const rows = Float32Array.from({ length: 16 }, (_, i) => i);
  expect([...permuteRows(rows, 1, 2)]).toEqual([
    0, 4, 1, 5, 2, 6, 3, 7, 8, 12, 9, 13, 10, 14, 11, 15,
  ]);
});

test("whole rows move", () => {
  const matrix = Float32Array.of(0, 0, 1, 1, 2, 2, 3, 3);
  expect([...permuteRows(matrix, 2, 1)]).toEqual([0, 0, 2, 2, 1, 1, 3, 3]);
});

test("unpermuting undoes permuting", () => {
  const size = fc.integer({ min: 1, max: 6 });
  fc.assert(
    fc.property(size, size, size, (heads, half, columns) => {
      const matrix = Float32Array.from({ length: heads * half * 2 * columns }, (_, i) => i);
      expect(unpermuteRows(permuteRows(matrix, columns, heads), columns, heads)).toEqual(matrix);
      expect(permuteRows(unpermuteRows(matrix, columns, heads), columns, heads)).toEqual(matrix);
    }),
  );
});

test.each([0, 3, 5, 8, -1, Number.NaN])(
  "8 rows don't divide into %d heads of even size",
  (heads) => {
    expect(() => permuteRows(new Float32Array(8), 1, heads)).toThrow(FuzzError);
  },
);
