/** What tells a program's own inputs from others: vectors of a sentence encoder. */
export interface InSpecVectors {
  /** What texts have in common, whatever they are about. */
  centre: Float32Array;
  /** Where the program's inputs lie from there; its length makes 1 of a usual one. */
  direction: Float32Array;
}

/** How like what the program is for an input is: the product of their directions from the centre. */
export function scoreInSpec(vector: Float32Array, { centre, direction }: InSpecVectors): number {
  let product = 0;
  let square = 0;
  vector.forEach((value, index) => {
    const away = value - (centre[index] as number);
    product += away * (direction[index] as number);
    square += away * away;
  });
  return product / (Math.sqrt(square) || 1);
}
