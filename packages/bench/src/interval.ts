/** Right answers of one function. */
export interface Tally {
  right: number;
  total: number;
}

export const rate = (tallies: readonly Tally[]): number => {
  const total = tallies.reduce((sum, tally) => sum + tally.total, 0);
  return total === 0 ? Number.NaN : tallies.reduce((sum, tally) => sum + tally.right, 0) / total;
};

const draws = 2000;

/**
 * A 95 % interval of the rate by bootstrap over functions, since the cases of one function are not
 * independent of each other.
 */
export function rateInterval(tallies: readonly Tally[]): [low: number, high: number] {
  return quantiles(resample(tallies.length, (indices) => rate(indices.map((i) => tallies[i]!))));
}

/** The same for the difference of two rates on the same functions (paired). */
export function differenceInterval(
  first: readonly Tally[],
  second: readonly Tally[],
): [low: number, high: number] {
  return quantiles(
    resample(
      first.length,
      (indices) => rate(indices.map((i) => first[i]!)) - rate(indices.map((i) => second[i]!)),
    ),
  );
}

/** The same for the mean of one value a function. */
export function meanInterval(values: readonly number[]): [low: number, high: number] {
  const mean = (indices: number[]) =>
    indices.reduce((sum, i) => sum + (values[i] as number), 0) / indices.length;
  return quantiles(resample(values.length, mean));
}

function resample(size: number, measure: (indices: number[]) => number): number[] {
  const random = makeRandom(1);
  return Array.from({ length: draws }, () =>
    measure(Array.from({ length: size }, () => Math.floor(random() * size))),
  );
}

function quantiles(values: number[]): [number, number] {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
  return [at(0.025), at(0.975)];
}

/** A seeded generator (mulberry32), so that a report can be printed again to the digit. */
export function makeRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
