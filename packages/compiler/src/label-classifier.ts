import { type Answer, type Ranking, scoreLabels } from "@fuzzc/interpreter";
import { type EncodedExample, type Mix, mixPrototypes, type Prototypes } from "./mix-prototypes.ts";

// Chosen, as the scales below, on validation functions: `npm run bench -- encoder`.
export const usualMix: Mix = { weight: 3, centring: 0.5 };
/** Tried on the examples once there are enough of them; the first of equals wins. */
const otherMixes: readonly Mix[] = [
  { weight: 1e6, centring: 0 },
  { weight: 2, centring: 0.5 },
  { weight: 4, centring: 1 },
  { weight: 1, centring: 1 },
];
const minTuned = 12;
/** How much likelier, in nats over all examples, another mix must make them. */
const minGain = 0.3;
/** With these the probabilities are as high as the answers are often right. */
export const specScale = 14;
export const mixedScale = 14;

/** What answers an input: prototypes; or, of one that lists candidates, a ranking. */
export interface LabelClassifier {
  prototypes: Prototypes;
  scale: number;
  ranking: Ranking | undefined;
  /** Of the encoder. */
  adapter?: Uint8Array;
}

/** The prototypes without one example, for that example to be asked. */
export function leaveOut(
  descriptions: readonly Float32Array[],
  encoded: readonly EncodedExample[],
  index: number,
  mix: Mix,
): Prototypes {
  return mixPrototypes(
    descriptions,
    encoded.filter((_, other) => other !== index),
    mix,
  );
}

/** The mix that makes the held-back examples likeliest; the usual one while they are few. */
export function chooseMix(
  descriptions: readonly Float32Array[],
  encoded: readonly EncodedExample[],
): Mix {
  if (encoded.length < minTuned) {
    return usualMix;
  }
  const likelihood = (mix: Mix) =>
    encoded.reduce((sum, { vector, label }, index) => {
      const prototypes = leaveOut(descriptions, encoded, index, mix);
      return sum + Math.log(scoreByPrototypes(vector, prototypes, mixedScale)[label] as number);
    }, 0);
  let best = { mix: usualMix, value: likelihood(usualMix) + minGain };
  for (const mix of otherMixes) {
    const value = likelihood(mix);
    if (value > best.value) {
      best = { mix, value };
    }
  }
  return best.mix;
}

/** @returns one probability a label */
export function scoreByPrototypes(
  vector: Float32Array,
  { vectors, bias }: Prototypes,
  scale: number,
): number[] {
  return scoreLabels(vector, {
    prototypes: vectors,
    scale,
    bias: bias.map((value) => scale * value),
  });
}

/** The likeliest label, as an answer. */
export function pickLabel(
  labels: readonly string[],
  probabilities: readonly number[],
): Pick<Answer, "text" | "probability" | "abstained"> {
  const probability = Math.max(...probabilities);
  const text = labels[probabilities.indexOf(probability)] as string;
  return { text, probability, abstained: false };
}
