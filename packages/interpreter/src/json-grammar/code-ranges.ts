/** Code points from the first to the second, both included. */
export type CodeRange = readonly [first: number, last: number];

// JSON text that is encoded as UTF-8 can't hold surrogates, so no set of ours contains them.
const surrogates: CodeRange = [0xd800, 0xdfff];
const lastCode = 0x10ffff;

/** Sorted, without overlaps, without surrogates. */
export function normalizeRanges(ranges: readonly CodeRange[]): CodeRange[] {
  const merged: [number, number][] = [];
  for (const [first, last] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const previous = merged.at(-1);
    if (previous !== undefined && first <= previous[1] + 1) {
      previous[1] = Math.max(previous[1], last);
    } else {
      merged.push([first, last]);
    }
  }
  return subtractRanges(merged, [surrogates]);
}

/** What is in `from` but not in `taken`; both sorted and without overlaps. */
export function subtractRanges(
  from: readonly CodeRange[],
  taken: readonly CodeRange[],
): CodeRange[] {
  let left: CodeRange[] = [...from];
  for (const [first, last] of taken) {
    left = left.flatMap(([low, high]): CodeRange[] => {
      if (last < low || first > high) {
        return [[low, high]];
      }
      const parts: CodeRange[] = [];
      if (low < first) {
        parts.push([low, first - 1]);
      }
      if (high > last) {
        parts.push([last + 1, high]);
      }
      return parts;
    });
  }
  return left;
}

/** All code points that are not in `ranges`, without surrogates. */
export function complementRanges(ranges: readonly CodeRange[]): CodeRange[] {
  return subtractRanges(
    [
      [0, surrogates[0] - 1],
      [surrogates[1] + 1, lastCode],
    ],
    normalizeRanges(ranges),
  );
}

export function intersectRanges(a: readonly CodeRange[], b: readonly CodeRange[]): CodeRange[] {
  return subtractRanges(a, complementRanges(b));
}

/** Whether any code point from `low` to `high` is in the sorted `ranges`. */
export function touchesRanges(ranges: readonly CodeRange[], low: number, high: number): boolean {
  let start = 0;
  let end = ranges.length;
  while (start < end) {
    const middle = (start + end) >>> 1;
    const [first, last] = ranges[middle] as CodeRange;
    if (high < first) {
      end = middle;
    } else if (low > last) {
      start = middle + 1;
    } else {
      return true;
    }
  }
  return false;
}
