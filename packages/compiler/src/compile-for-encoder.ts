import { type Answer, type EncoderInterpreter, scoreCandidates } from "@fuzzc/interpreter";
import type { OutputType, Program } from "@fuzzc/program";
import { chooseThreshold, majorityShare } from "./calibrate.ts";
import type { CompileProgress, OptimisationLevel } from "./compile-program.ts";
import type { CompileRequest } from "./compile-request.ts";
import { describeLabel } from "./describe-label.ts";
import {
  chooseMix,
  type LabelClassifier,
  leaveOut,
  mixedScale,
  pickLabel,
  scoreByPrototypes,
  specScale,
  usualMix,
} from "./label-classifier.ts";
import { makeEncoderProgram, measure } from "./make-encoder-program.ts";
import { type EncodedExample, type Mix, mixPrototypes } from "./mix-prototypes.ts";
import type { TrainingOptions } from "./optimise-with-training.ts";
import { type EncodedList, encodeLists, learnRanking } from "./rank-candidates.ts";
import { type CompileReport, hasLearned, summarise } from "./report.ts";
import { scoreAnswers } from "./score-answers.ts";
import { type TrainedLabels, trainLabels } from "./train-labels.ts";

export interface EncoderCompileOptions {
  encoder: EncoderInterpreter;
  level: OptimisationLevel;
  training?: TrainingOptions | undefined;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: CompileProgress) => void) | undefined;
}

type LabelRequest = CompileRequest & { output: Extract<OutputType, { type: "labels" }> };
type LabelAnswer = Pick<Answer, "text" | "probability" | "abstained">;

/**
 * Fewer examples are held back in folds, which say little of a last training on all: on validation functions that often
 * unmade what -O1 knew, and never helped (training/LOG.md).
 */
const minTrained = 20;

/** A request as the encoder reads it. */
interface EncodedRequest {
  labels: readonly string[];
  /** What the spec says of each label. */
  descriptions: Float32Array[];
  examples: EncodedExample[];
  /** The candidates that examples list in their inputs, for functions that pick one of them. */
  lists: (EncodedList | undefined)[] | undefined;
}

/** What a level came to. */
interface Outcome {
  classifier: LabelClassifier;
  /** Examples by number, and what was answered to each without having seen it. */
  asked: number[];
  answers: LabelAnswer[];
  training?: TrainedLabels["report"];
}

/**
 * Compiles a label function for the sentence encoder: a prototype for each label, from the spec and, at -O1, from the
 * examples; at -O2 the encoder is trained as well. The same request and encoder give the same bytes.
 *
 * @param request checked, with labels for output
 * @throws FuzzError FUZZ_CANCELLED, FUZZ_DISPOSED, and what `trainEncoder` throws
 */
export async function compileForEncoder(
  request: LabelRequest,
  options: EncoderCompileOptions,
): Promise<{ program: Program; report: CompileReport }> {
  const { encoder } = options;
  const { examples = [] } = request;
  const level = examples.length === 0 ? "O0" : options.level;
  const encoded = await encodeRequest(request, options);
  const plain = answerBySpec(encoded, encoder);
  const outcome =
    level === "O0" ? plain : await answerByExamples(encoded, request, { ...options, level });
  const { asked, answers, classifier, training } = outcome;
  const pick = <Item>(all: readonly Item[]) => asked.flatMap((index) => all[index] ?? []);
  const heldBack = scoreAnswers(answers, pick(examples));
  const specOnly = scoreAnswers(pick(plain.answers), pick(examples));
  const found = {
    level,
    interpreter: "encoder" as const,
    shown: 0,
    scale: 1,
    ...(examples.length > 0 && { heldBack, specOnly }),
    ...(training && { training }),
    learned: level !== "O0" && hasLearned(heldBack, specOnly, majorityShare(pick(examples))),
  };
  const report = { ...found, summary: summarise(found) };
  const settings = {
    ...classifier,
    measured: measure(report),
    ...chooseThreshold(request, answers, pick(examples)),
  };
  return { program: await makeEncoderProgram(request, settings, encoder), report };
}

async function encodeRequest(
  { spec, output, examples = [] }: LabelRequest,
  { encoder, signal, onProgress }: EncoderCompileOptions,
): Promise<EncodedRequest> {
  const { labels } = output;
  onProgress?.({ stage: "spec", done: 0, of: 1 });
  const texts = labels.map((label) => describeLabel(spec, label, labels));
  const descriptions = await encoder.embed(texts, { signal });
  onProgress?.({ stage: "spec", done: 1, of: 1 });
  const inputs = examples.map(({ input }) => input);
  const vectors = await encoder.embed(inputs, { signal });
  return {
    labels,
    descriptions,
    examples: examples.map(({ output: label }, index) => ({
      vector: vectors[index] as Float32Array,
      label: labels.indexOf(label),
    })),
    lists: await encodeLists(encoder, labels, examples, signal),
  };
}

/** -O0: the prototypes are what the spec says of the labels. */
function answerBySpec(encoded: EncodedRequest, { encoder }: EncoderInterpreter): Outcome {
  const { descriptions, examples, lists } = encoded;
  const classifier = {
    prototypes: mixPrototypes(descriptions, [], usualMix),
    scale: specScale,
    ranking: lists && learnRanking([], encoder.embeddingSize),
  };
  return {
    classifier,
    asked: [...examples.keys()],
    answers: answerAll(encoded, () => classifier),
  };
}

/** -O1, and at -O2 the better of it and of a training. */
async function answerByExamples(
  encoded: EncodedRequest,
  request: LabelRequest,
  { encoder, level, training = {}, signal, onProgress }: EncoderCompileOptions,
): Promise<Outcome> {
  const { descriptions, examples, labels, lists } = encoded;
  const mix = chooseMix(descriptions, examples);
  const prompted = answerByMix(encoded, mix, encoder);
  // Candidates of a list are ranked, not told apart by prototypes.
  if (level !== "O2" || lists !== undefined || examples.length < minTrained) {
    return prompted;
  }
  const trained = await trainLabels({
    encoder,
    examples: (request.examples ?? []).map(({ input }, index) => ({
      input,
      label: (examples[index] as EncodedExample).label,
    })),
    startFrom: (numbers) =>
      mixPrototypes(
        descriptions,
        numbers.flatMap((index) => examples[index] ?? []),
        mix,
      ),
    scale: mixedScale,
    training,
    signal,
    onProgress: (done, of, now) => onProgress?.({ stage: "training", done, of, training: now }),
  });
  if (trained === undefined) {
    return prompted;
  }
  const { adapter, prototypes, scale, asked, report } = trained;
  return report.winner === "training"
    ? {
        classifier: { prototypes, scale, ranking: undefined, adapter },
        asked: asked.map(({ index }) => index),
        answers: asked.map(({ probabilities }) => pickLabel(labels, probabilities)),
        training: report,
      }
    : { ...prompted, training: report };
}

/** Prototypes mixed of descriptions and examples; each example is asked of a mix without it. */
function answerByMix(encoded: EncodedRequest, mix: Mix, { encoder }: EncoderInterpreter): Outcome {
  const { descriptions, examples, lists } = encoded;
  const rank = (shown: typeof lists) => shown && learnRanking(shown, encoder.embeddingSize);
  return {
    classifier: {
      prototypes: mixPrototypes(descriptions, examples, mix),
      scale: mixedScale,
      ranking: rank(lists),
    },
    asked: [...examples.keys()],
    answers: answerAll(encoded, (held) => ({
      prototypes: leaveOut(descriptions, examples, held, mix),
      scale: mixedScale,
      ranking: rank(lists?.filter((_, index) => index !== held)),
    })),
  };
}

/** @param choose the classifier for each example */
function answerAll(
  { labels, examples, lists }: EncodedRequest,
  choose: (index: number) => LabelClassifier,
): LabelAnswer[] {
  return examples.map(({ vector }, index) => {
    const { prototypes, scale, ranking } = choose(index);
    const list = lists?.[index];
    const probabilities =
      list && ranking
        ? scoreCandidates(list, labels, ranking)
        : scoreByPrototypes(vector, prototypes, scale);
    return pickLabel(labels, probabilities);
  });
}
