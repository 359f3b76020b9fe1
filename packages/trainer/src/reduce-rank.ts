import type { LoraStart } from "./lora-file.ts";

/**
 * The adapter of the given rank that is closest to this one, pair by pair: the singular vectors of the largest singular
 * values of b · a. One whose rank is no larger stays as it is.
 */
export function reduceRank(adapter: LoraStart, rank: number): LoraStart {
  if (adapter.rank <= rank) {
    return adapter;
  }
  const pairs: LoraStart["pairs"] = new Map();
  for (const [name, { a, b }] of adapter.pairs) {
    pairs.set(name, reducePair(a, b, adapter.rank, rank));
  }
  return { rank, pairs };
}

/** @param a rank rows of dIn; @param b rank rows of dOut, so that the product is the sum of b[i] a[i]ᵀ. */
function reducePair(
  a: Float32Array,
  b: Float32Array,
  rank: number,
  kept: number,
): { a: Float32Array; b: Float32Array } {
  // With rowsA = L · Q for orthonormal Q: b a = (Lᵀ b)ᵀ Q, so the singular vectors are those of the rank small rows Lᵀ b.
  const lower = cholesky(gram(a, rank), rank);
  const mixed = multiply(transposeSquare(lower, rank), b, rank);
  const basis = invertLower(lower, rank);
  const orthonormal = multiply(basis, a, rank);
  const { vectors, order } = eigenvectors(gram(mixed, rank), rank);
  const select = new Float64Array(kept * rank);
  order.slice(0, kept).forEach((column, row) => {
    for (let i = 0; i < rank; i++) {
      select[row * rank + i] = vectors[i * rank + column] as number;
    }
  });
  return { a: multiply(select, orthonormal, rank), b: multiply(select, mixed, rank) };
}

/** rows · rowsᵀ, rank x rank. */
function gram(rows: Float32Array, rank: number): Float64Array {
  const length = rows.length / rank;
  const result = new Float64Array(rank * rank);
  for (let i = 0; i < rank; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0; k < length; k++) {
        sum += (rows[i * length + k] as number) * (rows[j * length + k] as number);
      }
      result[i * rank + j] = sum;
      result[j * rank + i] = sum;
    }
  }
  return result;
}

/** matrix (any x rank) · rows (rank x any). */
function multiply(matrix: Float64Array, rows: Float32Array, rank: number): Float32Array {
  const length = rows.length / rank;
  const result = new Float32Array((matrix.length / rank) * length);
  for (let i = 0; i < matrix.length / rank; i++) {
    for (let j = 0; j < rank; j++) {
      const factor = matrix[i * rank + j] as number;
      for (let k = 0; k < length; k++) {
        result[i * length + k] =
          (result[i * length + k] as number) + factor * (rows[j * length + k] as number);
      }
    }
  }
  return result;
}

/** The lower triangle whose product with its transpose is `matrix`; rows that add nothing get a tiny diagonal. */
function cholesky(matrix: Float64Array, size: number): Float64Array {
  const lower = new Float64Array(size * size);
  const tiny =
    1e-12 *
    Math.max(1e-30, ...Array.from({ length: size }, (_, i) => matrix[i * size + i] as number));
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * size + j] as number;
      for (let k = 0; k < j; k++) {
        sum -= (lower[i * size + k] as number) * (lower[j * size + k] as number);
      }
      lower[i * size + j] =
        i === j ? Math.sqrt(Math.max(sum, tiny)) : sum / (lower[j * size + j] as number);
    }
  }
  return lower;
}

function invertLower(lower: Float64Array, size: number): Float64Array {
  const inverse = new Float64Array(size * size);
  for (let column = 0; column < size; column++) {
    for (let i = column; i < size; i++) {
      let sum = i === column ? 1 : 0;
      for (let k = column; k < i; k++) {
        sum -= (lower[i * size + k] as number) * (inverse[k * size + column] as number);
      }
      inverse[i * size + column] = sum / (lower[i * size + i] as number);
    }
  }
  return inverse;
}

function transposeSquare(matrix: Float64Array, size: number): Float64Array {
  return matrix.map(
    (_, index) => matrix[(index % size) * size + Math.floor(index / size)] as number,
  );
}

/** Jacobi's rotations. @returns the eigenvectors as columns, and the columns from the largest eigenvalue to the smallest. */
function eigenvectors(
  symmetric: Float64Array,
  size: number,
): { vectors: Float64Array; order: number[] } {
  const values = symmetric.slice();
  const vectors = new Float64Array(size * size);
  const at = (row: number, column: number) => values[row * size + column] as number;
  const turn = (
    matrix: Float64Array,
    first: number,
    second: number,
    cos: number,
    sin: number,
  ): void => {
    const [x, y] = [matrix[first] as number, matrix[second] as number];
    matrix[first] = cos * x - sin * y;
    matrix[second] = sin * x + cos * y;
  };
  for (let i = 0; i < size; i++) {
    vectors[i * size + i] = 1;
  }
  for (let sweep = 0; sweep < 30; sweep++) {
    for (let p = 0; p < size; p++) {
      for (let q = p + 1; q < size; q++) {
        if (Math.abs(at(p, q)) > 1e-15 * Math.sqrt(Math.abs(at(p, p) * at(q, q)))) {
          const angle = 0.5 * Math.atan2(2 * at(p, q), at(q, q) - at(p, p));
          const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
          for (let k = 0; k < size; k++) {
            turn(values, p * size + k, q * size + k, cos, sin);
          }
          for (let k = 0; k < size; k++) {
            turn(values, k * size + p, k * size + q, cos, sin);
            turn(vectors, k * size + p, k * size + q, cos, sin);
          }
        }
      }
    }
  }
  const order = Array.from({ length: size }, (_, index) => index);
  return { vectors, order: order.sort((a, b) => at(b, b) - at(a, a)) };
}
