/**
 * The area under the ROC curve: how often a positive scores higher than a negative, ties counting half (Mann and
 * Whitney's U). 0.5 is chance, 1 is perfect.
 *
 * @returns NaN when there is none of either
 */
export function rocArea(positives: readonly number[], negatives: readonly number[]): number {
  const all = [
    ...positives.map((score) => ({ score, positive: true })),
    ...negatives.map((score) => ({ score, positive: false })),
  ].sort((first, second) => first.score - second.score);
  let wins = 0;
  let below = 0;
  for (let start = 0; start < all.length; ) {
    let end = start;
    while (end < all.length && all[end]?.score === all[start]?.score) {
      end++;
    }
    const tied = all.slice(start, end);
    const up = tied.filter(({ positive }) => positive).length;
    const down = tied.length - up;
    wins += up * (below + down / 2);
    below += down;
    start = end;
  }
  return wins / (positives.length * negatives.length);
}
