/** A text as the numbers of its features; the vector has length 1, or is empty. */
export type SparseVector = ReadonlyMap<number, number>;

const characterLengths = [2, 3, 4];

/**
 * TF-IDF over words, pairs of words, and runs of 2 to 4 characters inside words. Words and characters weigh alike.
 * The inverse document frequency is ln((1 + texts) / (1 + texts with it)) + 1, as scikit-learn has it; features that no
 * text had are left out.
 *
 * @returns what turns a text into its vector
 */
export function fitTextFeatures(texts: readonly string[]): (text: string) => SparseVector {
  const counted = texts.map(countFeatures);
  const frequencies = new Map<string, number>();
  for (const name of counted.flatMap(({ words, characters }) => [
    ...words.keys(),
    ...characters.keys(),
  ])) {
    frequencies.set(name, (frequencies.get(name) ?? 0) + 1);
  }
  const numbers = new Map([...frequencies.keys()].map((name, index) => [name, index]));
  const weigh = (counts: ReadonlyMap<string, number>): [number, number][] => {
    const known = [...counts].flatMap(([name, count]): [number, number][] => {
      const documents = frequencies.get(name);
      return documents === undefined
        ? []
        : [
            [
              numbers.get(name) as number,
              count * (Math.log((1 + texts.length) / (1 + documents)) + 1),
            ],
          ];
    });
    return toUnitLength(known);
  };
  return (text) => {
    const { words, characters } = countFeatures(text);
    return new Map(toUnitLength([...weigh(words), ...weigh(characters)]));
  };
}

function countFeatures(text: string): {
  words: Map<string, number>;
  characters: Map<string, number>;
} {
  const found = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const words = new Map<string, number>();
  const characters = new Map<string, number>();
  found.forEach((word, index) => {
    count(words, `w ${word}`);
    if (index > 0) {
      count(words, `w ${found[index - 1]} ${word}`);
    }
    // Blanks mark where a word begins and ends.
    const framed = [...` ${word} `];
    for (const length of characterLengths) {
      for (let start = 0; start + length <= framed.length; start++) {
        count(characters, `c ${framed.slice(start, start + length).join("")}`);
      }
    }
  });
  return { words, characters };
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function toUnitLength(entries: readonly [number, number][]): [number, number][] {
  const length = Math.sqrt(entries.reduce((sum, [, value]) => sum + value * value, 0));
  return entries.map(([index, value]) => [index, value / length]);
}
