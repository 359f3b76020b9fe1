import { FuzzError } from "./errors.ts";

/**
 * Turns the rows of a q or k matrix from Hugging Face's order (the two halves of a head apart) into llama.cpp's
 * (interleaved), as its conversion does for the architecture llama.
 * @param matrix rows x columns, row major.
 * @throws FuzzError FUZZ_ADAPTER_INVALID when the rows don't divide into heads of even size.
 */
export function permuteRows(matrix: Float32Array, columns: number, heads: number): Float32Array {
  return reorder(matrix, columns, heads, "permute");
}

/** The inverse of `permuteRows`. */
export function unpermuteRows(matrix: Float32Array, columns: number, heads: number): Float32Array {
  return reorder(matrix, columns, heads, "unpermute");
}

function reorder(
  matrix: Float32Array,
  columns: number,
  heads: number,
  direction: "permute" | "unpermute",
): Float32Array {
  const rows = matrix.length / columns;
  const half = rows / heads / 2;
  if (!Number.isInteger(half) || half < 1) {
    throw new FuzzError(`${rows} rows don't divide into ${heads} heads of even size`, {
      code: "FUZZ_ADAPTER_INVALID",
      hint: "The adapter is for a base model with other attention heads.",
    });
  }
  const result = new Float32Array(matrix.length);
  for (let row = 0; row < rows; row++) {
    const head = Math.floor(row / (2 * half));
    const inHead = row % (2 * half);
    const interleaved = head * 2 * half + (inHead % half) * 2 + Math.floor(inHead / half);
    const [from, to] = direction === "permute" ? [row, interleaved] : [interleaved, row];
    result.set(matrix.subarray(from * columns, (from + 1) * columns), to * columns);
  }
  return result;
}
