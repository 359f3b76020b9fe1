import { expect, test } from "vitest";
import { groupCases } from "./group-cases.ts";
import { packRow, weighCases } from "./pack-row.ts";
import type { TokenCase } from "./token-cases.ts";

/** An input of `head` tokens with an answer of `tail`. */
function makeCase(head: number, tail: number): TokenCase {
  const answer = Int32Array.from({ length: tail }, (_, index) => 100 + index);
  return {
    branch: Int32Array.of(...new Array<number>(head).fill(7), ...answer.subarray(0, -1)),
    answer,
    start: head - 1,
  };
}

test("lets each case see the prefix and itself", () => {
  const row = packRow(3, [makeCase(2, 2), makeCase(1, 3)]);
  const sees = (token: number) =>
    Array.from({ length: 9 }, (_, other) =>
      row.mask[token * row.length + other] === 0 ? "x" : ".",
    ).join("");
  expect(Array.from({ length: 9 }, (_, token) => sees(token))).toEqual([
    "x........",
    "xx.......",
    "xxx......",
    "xxxx.....",
    "xxxxx....",
    "xxxxxx...",
    "xxx...x..",
    "xxx...xx.",
    "xxx...xxx",
  ]);
  expect([...row.positions.subarray(0, 9)]).toEqual([0, 1, 2, 3, 4, 5, 3, 4, 5]);
  expect([...row.sources]).toEqual([4, 5, 6, 7, 8]);
  expect([...row.targets]).toEqual([100, 101, 100, 101, 102]);
  expect([...row.owners]).toEqual([0, 0, 1, 1, 1]);
});

test("fills rows up to whole vectors with tokens that see only themselves", () => {
  const row = packRow(3, [makeCase(2, 2), makeCase(1, 3)]);
  expect(row.length).toBe(16);
  for (let token = 9; token < 16; token++) {
    const seen = [...row.mask.subarray(token * 16, token * 16 + 16).keys()].filter(
      (other) => row.mask[token * 16 + other] === 0,
    );
    expect(seen).toEqual([token]);
  }
});

test("weighs a case as the square root of its length", () => {
  const cases = [makeCase(1, 4), makeCase(1, 1)];
  const [long = 0, short = 0] = weighCases(cases);
  expect(4 * long + short).toBeCloseTo(1);
  expect((4 * long) / short).toBeCloseTo(2);
});

test("cuts cases into rows that are short enough, and deals them out to lanes", () => {
  const cases = [5, 5, 5, 40, 5].map((head) => makeCase(head, 1));
  const lengths = (groups: TokenCase[][]) => groups.map((group) => group.length);
  expect(lengths(groupCases(10, cases, 20))).toEqual([2, 1, 1, 1]);
  expect(lengths(groupCases(10, cases, 1000))).toEqual([5]);
  expect(lengths(groupCases(10, cases, 1000, 2))).toEqual([3, 2]);
  expect(lengths(groupCases(10, cases.slice(0, 1), 1000, 4))).toEqual([1]);
});
