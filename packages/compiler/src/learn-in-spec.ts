import type { EncoderInterpreter, InSpecVectors } from "@fuzzc/interpreter";
import { encodeCoefficients, type Program, programId } from "@fuzzc/program";
import { backgroundTexts } from "./background-texts.ts";

/** With fewer examples, how like each other they are says too little. */
export const minInSpecExamples = 4;
/**
 * The threshold, as a share of how like each other the examples are. On validation functions with 6 examples it kept 87 %
 * of their inputs, and let 23 % of other functions' inputs and 28 % of near misses through (training/LOG.md).
 */
export const minInSpec = 0.5;
/** Examples that have nothing in common would else make everything alike. */
const leastLikeness = 0.05;

/** What all texts have in common, of each encoder that is open. */
const centres = new WeakMap<EncoderInterpreter, Promise<Float32Array>>();

/**
 * Gives a program what tells its inputs from others: the mean direction of the examples' vectors, seen from what texts of
 * all sorts have in common. Inputs less than half as like the examples as these are like each other are outside the spec.
 *
 * @param inputs of the examples, at least `minInSpecExamples`
 * @throws FuzzError FUZZ_CANCELLED, FUZZ_DISPOSED
 */
export async function learnInSpec(
  program: Program,
  inputs: readonly string[],
  encoder: EncoderInterpreter,
  signal?: AbortSignal,
): Promise<Program> {
  const vectors = await encoder.embed(inputs, { signal });
  const { centre, direction } = findDirection(vectors, await findCentre(encoder));
  const { meta } = program;
  const made: Program = {
    ...program,
    meta: {
      ...meta,
      thresholds: { ...meta.thresholds, min_in_spec: minInSpec },
      in_spec: { size: centre.length, encoder: { ...encoder.base } },
    },
    inSpec: encodeCoefficients(Float32Array.from([...centre, ...direction])),
  };
  made.meta.program_id = await programId(made);
  return made;
}

function findCentre(encoder: EncoderInterpreter): Promise<Float32Array> {
  let centre = centres.get(encoder);
  if (centre === undefined) {
    // Without a caller's signal: others may wait for it too.
    centre = encoder.embed(backgroundTexts).then(mean);
    centre.catch(() => centres.delete(encoder));
    centres.set(encoder, centre);
  }
  return centre;
}

/** The mean of the vectors' directions from the centre, divided by how like each other these are. */
export function findDirection(
  vectors: readonly Float32Array[],
  centre: Float32Array,
): InSpecVectors {
  const directions = vectors.map((vector) =>
    toUnit(vector.map((value, index) => value - (centre[index] as number))),
  );
  const common = mean(directions);
  // The mean product of two different ones: the square of the sum, less that of each with itself.
  const count = directions.length;
  const square = count * count * common.reduce((sum, value) => sum + value * value, 0);
  const likeness = Math.max(leastLikeness, (square - count) / (count * (count - 1)));
  return { centre, direction: common.map((value) => value / likeness) };
}

function mean(vectors: readonly Float32Array[]): Float32Array {
  const sum = new Float32Array(vectors[0]?.length ?? 0);
  for (const vector of vectors) {
    vector.forEach((value, index) => {
      sum[index] = (sum[index] as number) + value / vectors.length;
    });
  }
  return sum;
}

function toUnit(vector: Float32Array): Float32Array {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0)) || 1;
  return vector.map((value) => value / length);
}
