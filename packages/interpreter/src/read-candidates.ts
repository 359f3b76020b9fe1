/** An input that lists candidates under a function's labels. */
export interface Candidates {
  /** What stands before the first one; may be empty. */
  query: string;
  /** In the order of the input. */
  candidates: { label: string; text: string }[];
}

// Labels that people list things under: a letter or a small number.
const mark = /^(?:\p{L}|\d{1,2})$/u;

/**
 * Reads an input such as `lower-case s. a) s.trim() b) s.toLowerCase()`: what is looked for, and the text after each
 * label. A label marks a candidate with `)`, `:`, `.`, `=` or a dash behind it, or else with a space on both sides.
 * @returns undefined when fewer than two labels, the first ones in their order, mark something
 */
export function readCandidates(input: string, labels: readonly string[]): Candidates | undefined {
  const marks = listMarks(labels);
  for (const behind of ["\\s?[):.=–-]+\\s*", "\\s+"]) {
    for (let count = marks.length; count >= 2; count--) {
      const found = findMarks(input, marks.slice(0, count), behind);
      const read = found && splitAt(input, found);
      if (read?.candidates.every(({ text }) => text !== "")) {
        return read;
      }
    }
  }
  return undefined;
}

/** The labels that can mark candidates, in the order in which a list has them. */
export function listMarks(labels: readonly string[]): string[] {
  return labels
    .filter((label) => mark.test(label))
    .sort((first, second) => first.localeCompare(second, "en", { numeric: true }));
}

interface FoundMark {
  label: string;
  start: number;
  end: number;
}

function findMarks(
  input: string,
  marks: readonly string[],
  behind: string,
): FoundMark[] | undefined {
  const found: FoundMark[] = [];
  for (const label of marks) {
    const pattern = new RegExp(`(?<=^|[\\s/|;,.(])\\(?${label}${behind}`, "gu");
    pattern.lastIndex = found.at(-1)?.end ?? 0;
    const match = pattern.exec(input);
    if (match === null) {
      return undefined;
    }
    found.push({ label, start: match.index, end: match.index + match[0].length });
  }
  return found;
}

function splitAt(input: string, found: readonly FoundMark[]): Candidates {
  const trim = (text: string) => text.replace(/^[\s/|;,]+|[\s/|;,:]+$/g, "");
  return {
    query: trim(input.slice(0, found[0]?.start)),
    candidates: found.map(({ label, end }, index) => ({
      label,
      text: trim(input.slice(end, found[index + 1]?.start)),
    })),
  };
}
