import { decodeCoefficients, type Program } from "@fuzzc/program";

/** What tells a program's own inputs from others: vectors of a sentence encoder. */
export interface InSpecVectors {
  /** What texts have in common, whatever they are about. */
  centre: Float32Array;
  /** Where the program's inputs lie from there; its length makes 1 of a usual one. */
  direction: Float32Array;
}

/** The vectors that a program holds; both are empty where it holds none. */
export function readInSpec({ inSpec, meta }: Program): InSpecVectors {
  const values = decodeCoefficients(inSpec ?? new Uint8Array(0));
  const size = meta.in_spec?.size ?? 0;
  return { centre: values.subarray(0, size), direction: values.subarray(size) };
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
