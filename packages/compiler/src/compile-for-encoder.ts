import type { Answer, EncoderInterpreter } from "@fuzzc/interpreter";
import { type Ranking, scoreCandidates, scoreLabels } from "@fuzzc/interpreter";
import {
  encodeCoefficients,
  formatTask,
  type OutputType,
  type Program,
  type ProgramMeta,
  programId,
  renderPseudoProgram,
  renderTemplate,
} from "@fuzzc/program";
import { chooseThreshold, majorityShare } from "./calibrate.ts";
import type { CompileProgress, OptimisationLevel } from "./compile-program.ts";
import type { CompileRequest } from "./compile-request.ts";
import { describeLabel } from "./describe-label.ts";
import { createdBy } from "./make-program.ts";
import { type EncodedExample, type Mix, mixPrototypes, type Prototypes } from "./mix-prototypes.ts";
import type { TrainingOptions } from "./optimise-with-training.ts";
import { encodeLists, learnRanking } from "./rank-candidates.ts";
import { type CompileReport, hasLearned, summarise } from "./report.ts";
import { scoreAnswers, share } from "./score-answers.ts";
import { type TrainedLabels, trainLabels } from "./train-labels.ts";

type LabelOutput = Extract<OutputType, { type: "labels" }>;

export interface EncoderCompileOptions {
  encoder: EncoderInterpreter;
  level: OptimisationLevel;
  training?: TrainingOptions | undefined;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: CompileProgress) => void) | undefined;
}

// Chosen, as the scales below, on validation functions: `npm run bench -- encoder`.
const usualMix: Mix = { weight: 3, centring: 0.5 };
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
const specScale = 10;
const mixedScale = 11;

/**
 * Compiles a label function for the sentence encoder: a prototype for each label, from the spec and, at -O1, from the
 * examples; at -O2 the encoder is trained as well. The same request and encoder give the same bytes.
 *
 * @param request checked, with labels for output
 * @throws FuzzError FUZZ_CANCELLED, FUZZ_DISPOSED, and what `trainEncoder` throws
 */
export async function compileForEncoder(
  request: CompileRequest & { output: LabelOutput },
  { encoder, level, training = {}, signal, onProgress }: EncoderCompileOptions,
): Promise<{ program: Program; report: CompileReport }> {
  const { spec, output, examples = [] } = request;
  const { labels } = output;
  onProgress?.({ stage: "spec", done: 0, of: 1 });
  const descriptions = await encoder.embed(
    labels.map((label) => describeLabel(spec, label, labels)),
    { signal },
  );
  onProgress?.({ stage: "spec", done: 1, of: 1 });
  const vectors = await encoder.embed(
    examples.map(({ input }) => input),
    { signal },
  );
  const encoded = vectors.map((vector, index) => ({
    vector,
    label: labels.indexOf(examples[index]!.output),
  }));
  const lists = await encodeLists(encoder, labels, examples, signal);
  const rank = (shown: typeof lists) => shown && learnRanking(shown, encoder.encoder.embeddingSize);
  const answerAll = (choose: (index: number) => Classifier) =>
    encoded.map(({ vector }, index) => {
      const { prototypes, scale, ranking } = choose(index);
      const list = lists?.[index];
      return pick(
        labels,
        list && ranking
          ? scoreCandidates(list, labels, ranking)
          : scores(vector, prototypes, scale),
      );
    });
  const plain: Classifier = {
    prototypes: mixPrototypes(descriptions, [], usualMix),
    scale: specScale,
    ranking: rank(lists && []),
  };
  const plainAnswers = answerAll(() => plain);
  const specOnly = scoreAnswers(plainAnswers, examples);
  if (level === "O0" || examples.length === 0) {
    const found = {
      level: "O0" as const,
      interpreter: "encoder" as const,
      shown: 0,
      scale: 1,
      learned: false,
      ...(examples.length > 0 && { heldBack: specOnly, specOnly }),
    };
    const report = { ...found, summary: summarise(found) };
    const settings = {
      measured: measure(report),
      ...chooseThreshold(request, plainAnswers, examples),
    };
    const program = await makeEncoderProgram(request, { ...plain, ...settings }, encoder);
    return { program, report };
  }
  const mix = chooseMix(descriptions, encoded);
  const answers = answerAll((held) => ({
    prototypes: holdBack(descriptions, encoded, held, mix),
    scale: mixedScale,
    ranking: rank(lists?.filter((_, index) => index !== held)),
  }));
  const prompted: Outcome = {
    classifier: {
      prototypes: mixPrototypes(descriptions, encoded, mix),
      scale: mixedScale,
      ranking: rank(lists),
    },
    asked: [...examples.keys()],
    answers,
  };
  // Candidates of a list are ranked, not told apart by prototypes.
  const trained =
    level === "O2" && lists === undefined
      ? await trainLabels({
          encoder,
          examples: examples.map(({ input, output }) => ({ input, label: labels.indexOf(output) })),
          startFrom: (numbers) =>
            mixPrototypes(
              descriptions,
              numbers.flatMap((index) => encoded[index] ?? []),
              mix,
            ),
          scale: mixedScale,
          training,
          signal,
          onProgress: (done, of, now) =>
            onProgress?.({ stage: "training", done, of, training: now }),
        })
      : undefined;
  const outcome = trained?.report.winner === "training" ? takeTrained(labels, trained) : prompted;
  const asked = outcome.asked.flatMap((index) => examples[index] ?? []);
  const heldBack = scoreAnswers(outcome.answers, asked);
  const plainly = scoreAnswers(
    outcome.asked.flatMap((index) => plainAnswers[index] ?? []),
    asked,
  );
  const found = {
    level,
    interpreter: "encoder" as const,
    heldBack,
    specOnly: plainly,
    shown: 0,
    scale: 1,
    ...(trained && { training: trained.report }),
    learned: hasLearned(heldBack, plainly, majorityShare(asked)),
  };
  const report = { ...found, summary: summarise(found) };
  const made = {
    ...outcome.classifier,
    measured: measure(report),
    ...chooseThreshold(request, outcome.answers, asked),
  };
  return { program: await makeEncoderProgram(request, made, encoder), report };
}

/** What -O1 or -O2 came to. */
interface Outcome {
  classifier: Classifier;
  /** Examples by number, and what was answered to each without having seen it. */
  asked: number[];
  answers: Pick<Answer, "text" | "probability" | "abstained">[];
}

function takeTrained(
  labels: readonly string[],
  { adapter, prototypes, scale, asked }: TrainedLabels,
): Outcome {
  return {
    classifier: { prototypes, scale, ranking: undefined, adapter },
    asked: asked.map(({ index }) => index),
    answers: asked.map(({ probabilities }) => pick(labels, probabilities)),
  };
}

/** What answers an input: prototypes; or, of one that lists candidates, a ranking. */
interface Classifier {
  prototypes: Prototypes;
  scale: number;
  ranking: Ranking | undefined;
  /** Of the encoder. */
  adapter?: Uint8Array;
}

interface MadeSettings extends Classifier {
  minProbability?: number;
  measured: ProgramMeta["measured"] | undefined;
}

/** The prototypes without one example, for that example to be asked. */
function holdBack(
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
function chooseMix(descriptions: readonly Float32Array[], encoded: readonly EncodedExample[]): Mix {
  if (encoded.length < minTuned) {
    return usualMix;
  }
  const likelihood = (mix: Mix) =>
    encoded.reduce((sum, { vector, label }, index) => {
      const prototypes = holdBack(descriptions, encoded, index, mix);
      return sum + Math.log(scores(vector, prototypes, mixedScale)[label] as number);
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

function scores(vector: Float32Array, { vectors, bias }: Prototypes, scale: number): number[] {
  return scoreLabels(vector, {
    prototypes: vectors,
    scale,
    bias: bias.map((value) => scale * value),
  });
}

function pick(
  labels: readonly string[],
  probabilities: readonly number[],
): Pick<Answer, "text" | "probability" | "abstained"> {
  const probability = Math.max(...probabilities);
  const text = labels[probabilities.indexOf(probability)] as string;
  return { text, probability, abstained: false };
}

async function makeEncoderProgram(
  request: CompileRequest,
  { prototypes, scale, ranking, adapter, minProbability = 0, measured }: MadeSettings,
  { base, encoder }: EncoderInterpreter,
): Promise<Program> {
  const { spec, output, inputs, name, otherwise } = request;
  const parts = { task: formatTask(spec, output), examples: [] };
  const size = encoder.embeddingSize;
  const vectors = [...prototypes.vectors, ...(ranking ? [ranking.direction] : [])];
  const values = new Float32Array(vectors.length * size);
  vectors.forEach((vector, index) => {
    values.set(vector, index * size);
  });
  const program: Program = {
    meta: {
      program_id: "0".repeat(64),
      format: "fuzzc-1",
      ...(name !== undefined && { name }),
      spec,
      output,
      ...(inputs !== undefined && { inputs: [...inputs] }),
      examples: [],
      ...(otherwise !== undefined && { otherwise }),
      thresholds: { min_probability: minProbability },
      label_bias: prototypes.bias.map((bias) => Math.round(1e4 * scale * bias) / 1e4 + 0),
      adapter: adapter ? { form: "full", scale: 1 } : { form: "none", scale: 0 },
      prototypes: { size, scale, ...(ranking && { ranking: { scale: ranking.scale } }) },
      interpreter: `${base.name}-${base.quantisation.toLowerCase()}`,
      base: { ...base },
      ...(measured !== undefined && { measured }),
      created_by: createdBy,
    },
    promptTemplate: renderTemplate(parts),
    pseudoProgram: renderPseudoProgram(parts),
    prototypes: encodeCoefficients(values),
    ...(adapter && { adapter }),
  };
  program.meta.program_id = await programId(program);
  return program;
}

function measure({
  level,
  heldBack,
  specOnly,
  learned,
}: CompileReport): ProgramMeta["measured"] | undefined {
  return (
    heldBack &&
    specOnly && {
      level,
      examples: heldBack.total,
      score: share(heldBack),
      baseline: share(specOnly),
      learned,
      by: createdBy,
    }
  );
}
