import type { EncoderInterpreter, InSpecVectors } from "@fuzzc/interpreter";
import { encodeCoefficients, type Program, programId } from "@fuzzc/program";
import { backgroundTexts } from "./background-texts.ts";

/** With fewer examples, how like each other they are says too little. */
const minExamples = 4;
/** How much the spec counts beside such examples, which say more. */
const specWeight = 0.5;
/** How like its spec a function's own inputs are, on average over validation functions. */
const usualLikeness = 0.28;
/**
 * Inputs below this are outside the spec. What it keeps and withholds of validation functions is printed by
 * `npm run bench -- in-spec`.
 */
export const minInSpec = 0.5;
/** Examples that have nothing in common would else make everything alike. */
const leastLikeness = 0.05;

/** What all texts have in common, of each encoder that is open. */
const centres = new WeakMap<EncoderInterpreter, Promise<Float32Array>>();

/**
 * Gives a program what tells its inputs from others: a direction of the sentence encoder, seen from what texts of all
 * sorts have in common. The encoder was trained to put a spec near the inputs that it is for; examples, where there are
 * enough, say it better.
 *
 * @param inputs of the examples, if any
 * @throws FuzzError FUZZ_CANCELLED, FUZZ_DISPOSED
 */
export async function learnInSpec(
  program: Program,
  inputs: readonly string[],
  encoder: EncoderInterpreter,
  signal?: AbortSignal,
): Promise<Program> {
  const { meta } = program;
  const { centre, direction } = await findInSpec(meta.spec, inputs, encoder, signal);
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

/** What `learnInSpec` gives a program. */
export async function findInSpec(
  spec: string,
  inputs: readonly string[],
  encoder: EncoderInterpreter,
  signal?: AbortSignal,
): Promise<InSpecVectors> {
  const [own, ...vectors] = await encoder.embed([describeSpec(spec), ...inputs], { signal });
  const centre = await findCentre(encoder);
  return { centre, direction: findDirection(own as Float32Array, vectors, centre) };
}

/** A spec as the encoder was trained to read it, told apart from an input; `spec_text` in training/ writes the same. */
const describeSpec = (spec: string): string => `task: ${spec}`;

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

/**
 * Where a function's inputs lie from the centre; its product with the direction of a usual one of them is 1.
 * @param examples vectors of inputs
 */
export function findDirection(
  spec: Float32Array,
  examples: readonly Float32Array[],
  centre: Float32Array,
): InSpecVectors["direction"] {
  const away = (vector: Float32Array) =>
    toUnit(vector.map((value, index) => value - (centre[index] as number)));
  const bySpec = away(spec).map((value) => value / usualLikeness);
  if (examples.length < minExamples) {
    return bySpec;
  }
  const byExamples = findCommon(examples.map(away));
  return byExamples.map(
    (value, index) => (value + specWeight * (bySpec[index] as number)) / (1 + specWeight),
  );
}

/** The mean of directions, divided by how like each other they are. */
function findCommon(directions: readonly Float32Array[]): Float32Array {
  const common = mean(directions);
  // The mean product of two different ones: the square of the sum, less that of each with itself.
  const count = directions.length;
  const square = count * count * common.reduce((sum, value) => sum + value * value, 0);
  const likeness = Math.max(leastLikeness, (square - count) / (count * (count - 1)));
  return common.map((value) => value / likeness);
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
