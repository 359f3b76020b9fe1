import type { CompilerWeights, LinearWeights } from "@fuzzc/program";
import { FuzzError } from "@fuzzc/program";
import { gelu } from "./error-function.ts";

/**
 * The mapper: features → trunk (GELU) → coefficients.
 *
 * @param features as many numbers as the trunk has inputs
 * @returns layer × module × basis × {A, B} coefficients
 * @throws FuzzError FUZZ_COMPILER_INVALID when the features don't fit the trunk
 */
export function mapFeatures(features: Float32Array, weights: CompilerWeights): Float32Array {
  if (features.length !== weights.trunk.inputs) {
    throw new FuzzError(
      `The compiler's trunk reads ${weights.trunk.inputs} features, its manifest names ${features.length}`,
      { code: "FUZZ_COMPILER_INVALID", hint: "Install the compiler again." },
    );
  }
  const { featureMean, featureStd } = weights;
  const scaled = features.map(
    (value, index) => (value - (featureMean?.[index] ?? 0)) / (featureStd?.[index] ?? 1),
  );
  return applyLinear(applyLinear(scaled, weights.trunk).map(gelu), weights.head);
}

/** y = W x + b, summed in double precision. */
function applyLinear(x: Float32Array, { weight, bias, inputs, outputs }: LinearWeights) {
  return Float32Array.from({ length: outputs }, (_, row) => {
    let sum = bias[row]!;
    for (let column = 0; column < inputs; column++) {
      sum += weight[row * inputs + column]! * x[column]!;
    }
    return sum;
  });
}
