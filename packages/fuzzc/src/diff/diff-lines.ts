/** A line of two texts: in the first one, in the second one, or in both. */
export interface DiffLine {
  sign: "-" | "+" | " ";
  text: string;
}

/** Longer texts would take a table of more cells than this; then all their lines count as replaced. */
const maxCells = 4_000_000;

/** The lines of two texts with as many as possible in both; none for texts that are the same. */
export function diffLines(a: string, b: string): DiffLine[] {
  if (a === b) {
    return [];
  }
  const [left, right] = [a.split("\n"), b.split("\n")];
  const width = right.length + 1;
  if ((left.length + 1) * width > maxCells) {
    return [
      ...left.map((text) => ({ sign: "-" as const, text })),
      ...right.map((text) => ({ sign: "+" as const, text })),
    ];
  }
  const common = countCommon(left, right);
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < left.length || j < right.length) {
    if (i < left.length && j < right.length && left[i] === right[j]) {
      lines.push({ sign: " ", text: left[i++] as string });
      j++;
    } else if (
      i < left.length &&
      common[(i + 1) * width + j]! >= (common[i * width + j + 1] ?? 0)
    ) {
      lines.push({ sign: "-", text: left[i++] as string });
    } else if (j < right.length) {
      lines.push({ sign: "+", text: right[j++] as string });
    } else {
      lines.push({ sign: "-", text: left[i++] as string });
    }
  }
  return lines;
}

/** How many lines can be kept of what begins at line i of one text and line j of the other, at [i, j]. */
function countCommon(left: readonly string[], right: readonly string[]): Uint32Array {
  const width = right.length + 1;
  const common = new Uint32Array((left.length + 1) * width);
  for (let i = left.length - 1; i >= 0; i--) {
    for (let j = right.length - 1; j >= 0; j--) {
      common[i * width + j] =
        left[i] === right[j]
          ? common[(i + 1) * width + j + 1]! + 1
          : Math.max(common[(i + 1) * width + j]!, common[i * width + j + 1]!);
    }
  }
  return common;
}
