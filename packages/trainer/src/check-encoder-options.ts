import { FuzzError } from "@fuzzc/program";
import { checkExamples, checkInteger, checkPlan } from "./check-options.ts";
import type { EncoderOptions } from "./session.ts";
import type { TrainEncoderOptions } from "./train-encoder.ts";

const batch = 8;
const rates = { a: 2e-3, b: 2e-3, prototypes: 1e-3 };

/**
 * Fills in the defaults.
 * @throws FuzzError FUZZ_OUT_OF_RANGE, FUZZ_NO_EXAMPLES
 */
export function checkEncoderOptions(options: TrainEncoderOptions): EncoderOptions {
  const { modelPath, examples, heldBack = [], layers, checkpoint } = options;
  const { rank = 8, seed = 1, minutes = 2, scale = 14, steps = 24 } = options;
  const { stopAt = steps } = options;
  checkExamples(examples);
  checkPlan({ rank, layers, seed, steps, stopAt, minutes });
  const labels = options.prototypes.length;
  for (const { label } of [...examples, ...heldBack]) {
    checkInteger("The label of an example", label, 0, labels - 1);
  }
  const { bias = options.prototypes.map(() => 0) } = options;
  return {
    modelPath,
    examples,
    heldBack,
    bias,
    prototypes: joinVectors(options.prototypes),
    scale,
    rank,
    layers,
    seed,
    minutes,
    steps,
    stopAt,
    batch,
    rates,
    lanes: 1,
    checkpoint,
  };
}

function joinVectors(vectors: readonly Float32Array[]): Float32Array {
  const size = vectors[0]?.length ?? 0;
  if (vectors.some((vector) => vector.length !== size)) {
    throw new FuzzError("Prototypes must be as long as each other", { code: "FUZZ_OUT_OF_RANGE" });
  }
  return Float32Array.from(vectors.flatMap((vector) => [...vector]));
}
