import { type Adapter, moduleTensors } from "./adapter.ts";
import { allFinite } from "./all-finite.ts";
import type { CompilerManifest } from "./compiler-manifest.ts";
import { FuzzError } from "./errors.ts";
import { type CompilerWeights, sharedKey } from "./read-compiler-weights.ts";

/**
 * Builds an adapter from what a program picks of the compiler's bases, in each layer and module:
 * A = A_shared + Σ aₙ Aₙ, B = B_shared + Σ bₙ Bₙ.
 * @param coefficients layer x module x basis x {A, B}; layers and modules in the manifest's order.
 * @throws FuzzError FUZZ_COEFFICIENTS_INVALID for another length, or a value that is not a finite number.
 */
export function coefficientsToAdapter(
  coefficients: Float32Array,
  weights: CompilerWeights,
  manifest: CompilerManifest,
): Adapter {
  const { layers, modules, rank, alpha, bases: count, dims } = manifest.adapter;
  checkCoefficients(coefficients, layers.length * modules.length * count * 2);
  const adapter: Adapter = {
    architecture: manifest.architecture,
    rank,
    alpha,
    layers: new Map(),
  };
  let position = 0;
  for (const layer of layers) {
    for (const module of modules) {
      const picked = coefficients.subarray(position, position + count * 2);
      position += count * 2;
      const [dIn, dOut] = dims[module] as [number, number];
      const bases = weights.bases.get(module);
      if (bases === undefined) {
        throw new FuzzError(`The compiler's weights have no bases for ${module}`, {
          code: "FUZZ_COMPILER_INVALID",
        });
      }
      const shared = weights.shared.get(sharedKey(layer, module));
      const a = combine(bases.a, everySecond(picked, 0), rank * dIn, shared?.a);
      const b = combine(bases.b, everySecond(picked, 1), rank * dOut, shared?.b);
      adapter.layers.set(`blk.${layer}.${moduleTensors[module]}.weight`, {
        a,
        b: transpose(b, rank, dOut),
        dIn,
        dOut,
      });
    }
  }
  return adapter;
}

function checkCoefficients(coefficients: Float32Array, expected: number): void {
  if (coefficients.length !== expected || !allFinite(coefficients)) {
    throw new FuzzError(
      `${coefficients.length} coefficients don't fit the compiler: it needs ${expected} finite numbers`,
      {
        code: "FUZZ_COEFFICIENTS_INVALID",
        hint: "Compile the program again with this compiler.",
      },
    );
  }
}

function everySecond(values: Float32Array, start: number): Float32Array {
  return Float32Array.from(
    { length: values.length / 2 },
    (_, i) => values[i * 2 + start] as number,
  );
}

/** start + Σ factorₙ · matrixₙ, over matrices of `size` values that lie one after another. */
function combine(
  matrices: Float32Array,
  factors: Float32Array,
  size: number,
  start: Float32Array | undefined,
): Float32Array {
  const sum = start === undefined ? new Float32Array(size) : start.slice();
  let n = 0;
  // Four at a time: the sum is loaded and stored a quarter as often.
  for (; n + 4 <= factors.length; n += 4) {
    const [f0, f1, f2, f3] = factors.subarray(n, n + 4) as unknown as [
      number,
      number,
      number,
      number,
    ];
    const m0 = matrices.subarray(n * size, (n + 1) * size);
    const m1 = matrices.subarray((n + 1) * size, (n + 2) * size);
    const m2 = matrices.subarray((n + 2) * size, (n + 3) * size);
    const m3 = matrices.subarray((n + 3) * size, (n + 4) * size);
    for (let i = 0; i < size; i++) {
      sum[i] = sum[i]! + f0 * m0[i]! + f1 * m1[i]! + f2 * m2[i]! + f3 * m3[i]!;
    }
  }
  for (; n < factors.length; n++) {
    const factor = factors[n]!;
    const matrix = matrices.subarray(n * size, (n + 1) * size);
    for (let i = 0; i < size; i++) {
      sum[i] = sum[i]! + factor * matrix[i]!;
    }
  }
  return sum;
}

/** rows x columns → columns x rows. */
function transpose(matrix: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(matrix.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      result[column * rows + row] = matrix[row * columns + column]!;
    }
  }
  return result;
}
