/**
 * What a spec says about one label, with the label before it: `later: anything else`.
 *
 * The part from where the label is named to where the next label is; or, of a label in brackets, what stands before it.
 * Of the ways tried on the corpus (the label alone, its clause, its sentence, its line) this one told labels apart best.
 *
 * @returns the label alone when the spec does not name it
 */
export function describeLabel(spec: string, label: string, labels: readonly string[]): string {
  const start = findWord(spec, label, 0);
  if (start < 0) {
    return label;
  }
  const end = start + label.length;
  if (spec[start - 1] === "(" && spec[end] === ")") {
    const before = spec.slice(0, start - 1).split(/[,;:.?!\n]|\)/);
    return `${label}: ${trimJoints(before.at(-1) ?? "") || label}`;
  }
  const ends = labels
    .filter((other) => other !== label)
    .map((other) => findWord(spec, other, end))
    .filter((index) => index >= 0);
  return `${label}: ${trimJoints(spec.slice(start, Math.min(spec.length, ...ends)))}`;
}

/** Where a text stands as words of their own, whatever their case; -1: nowhere. */
function findWord(text: string, word: string, from: number): number {
  const pattern = word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const search = new RegExp(`(?<![\\p{L}\\p{N}])${pattern}(?![\\p{L}\\p{N}])`, "giu");
  search.lastIndex = from;
  return search.exec(text)?.index ?? -1;
}

/** Without what joins it to what comes before and after. */
function trimJoints(text: string): string {
  return text
    .replace(/^[\s,;:(]+(?:(?:or|and)\s)?/i, "")
    .replace(/[\s,;:(]+(?:or|and)?[\s,;:("'`]*$/i, "")
    .trim();
}
