import { rowLength } from "./pack-row.ts";
import type { TokenCase } from "./token-cases.ts";

// What is left for cases behind a long prefix, which a row each would compute again and again.
const leastRoom = 256;

/** Most tokens of a row of several cases behind a prefix of that length. */
export function passageRow(prefixLength: number, maxLength: number): number {
  return Math.max(maxLength, prefixLength + leastRoom);
}

/**
 * Cuts a list of cases into rows of at most `maxLength` tokens, but of one case at least.
 * @param lanes how many rows can be computed side by side; where there are fewer, the cases are dealt out again.
 */
export function groupCases<Case extends Pick<TokenCase, "branch">>(
  prefixLength: number,
  cases: readonly Case[],
  maxLength: number,
  lanes = 1,
): Case[][] {
  const groups: Case[][] = [];
  for (const one of cases) {
    const group = groups.at(-1);
    if (group !== undefined && rowLength(prefixLength, [...group, one]) <= maxLength) {
      group.push(one);
    } else {
      groups.push([one]);
    }
  }
  const wanted = Math.min(lanes, cases.length);
  if (groups.length >= wanted) {
    return groups;
  }
  return Array.from({ length: wanted }, (_, lane) =>
    cases.filter((_, index) => index % wanted === lane),
  );
}
