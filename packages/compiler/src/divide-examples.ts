/** Examples by number: some to train on, the others kept from it. */
export interface Division {
  train: number[];
  heldBack: number[];
}

// With this many, a fifth of them says enough; with fewer, each has to be held back once.
const enough = 20;
const parts = 5;
const maxFolds = 3;

/**
 * Divides examples for a training: one division when there are many, else folds that hold back each of them once.
 * Neighbours go apart, since people write similar examples next to each other.
 */
export function divideExamples(examples: readonly unknown[]): Division[] {
  const numbers = [...examples.keys()];
  const divide = (count: number, part: number): Division => ({
    train: numbers.filter((index) => index % count !== part),
    heldBack: numbers.filter((index) => index % count === part),
  });
  if (examples.length >= enough) {
    return [divide(parts, parts - 1)];
  }
  const folds = Math.min(maxFolds, examples.length);
  return Array.from({ length: folds }, (_, fold) => divide(folds, fold));
}
