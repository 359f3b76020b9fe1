import type { Answer } from "@fuzzc/interpreter";
import { type Example, FuzzError, type OutputType } from "@fuzzc/program";
import type { Progress } from "@fuzzc/trainer";
import type { CompileOrigin } from "./compile-origin.ts";
import type { AskOptions } from "./cross-validate.ts";
import type { Settings } from "./make-program.ts";
import { correctPrior } from "./optimise-with-examples.ts";
import {
  optimiseWithTraining,
  type Trained,
  type TrainingOptions,
} from "./optimise-with-training.ts";
import type { TrainingReport } from "./report.ts";
import { type Score, scoreAnswers } from "./score-answers.ts";

// Half the size of 16, and as good on functions of the corpus.
const trainedRank = 8;

export interface CompareOptions extends AskOptions {
  output: OutputType;
  task: string;
  examples: readonly Example[];
  /** Whose adapter the training starts from; without one, from a fresh one. */
  origin: CompileOrigin;
  /** Which of some examples a prompt would show. */
  choose: (pool: readonly Example[]) => Example[];
  training: TrainingOptions;
  /** What -O0 and -O1 answered to each example without having seen it. */
  specOnly: readonly Answer[];
  prompted: readonly Answer[];
  /** Whether -O1 shows examples. */
  promptShows: boolean;
  onProgress?: (done: number, of: number, progress: Progress) => void;
}

export interface Comparison {
  settings: Settings;
  /** The held-back examples, and the trained program's answers to them. */
  asked: Example[];
  answers: Answer[];
  specOnly: Score;
  report: TrainingReport;
}

/**
 * -O2: trains, and compares what was held back with what -O1 answers to the same examples. Where both answer as many, the
 * likelihood of the right answers decides.
 */
export async function trainAndCompare(options: CompareOptions): Promise<Comparison> {
  const { examples, output, origin, training, choose } = options;
  const { adapter: start, maxRank, make } = origin;
  const settingsOf = (trained: Uint8Array, shown: readonly Example[]): Settings => ({
    shown,
    scale: 1,
    trained,
  });
  const { signal, onProgress } = options;
  const trained = await unlessStopped(
    optimiseWithTraining({
      interpreter: options.interpreter,
      task: options.task,
      plain: origin.plain,
      examples,
      ...(start && { start }),
      rank: Math.min(training.rank ?? trainedRank, maxRank),
      choose,
      make: (adapter, shown) => make(settingsOf(adapter, shown)),
      training,
      ...(signal && { signal }),
      ...(onProgress && { onProgress }),
    }),
    options,
  );
  const asked = trained.asked.map(({ index }) => examples[index] as Example);
  const answers = trained.asked.map(({ answer }) => answer);
  const pick = (all: readonly Answer[]) => trained.asked.map(({ index }) => all[index] as Answer);
  const settings = settingsOf(trained.adapter, trained.shown);
  const corrected = correctPrior(settings, answers, { examples: asked, output });
  const prompted = scoreAnswers(pick(options.prompted), asked);
  const startLoss = options.promptShows ? trained.startLoss.shown : trained.startLoss.alone;
  // Nothing was scored with the prompt of -O1 when a training's process failed.
  const likelier = Number.isFinite(startLoss) && trained.loss < startLoss;
  const lead = corrected.heldBack.exact - prompted.exact || Number(likelier);
  return {
    settings: corrected.settings,
    asked,
    answers: corrected.answers,
    specOnly: scoreAnswers(pick(options.specOnly), asked),
    report: {
      trained: corrected.heldBack,
      prompted,
      losses: { trained: trained.loss, prompted: startLoss },
      winner: lead > 0 ? "training" : "prompt",
      steps: trained.steps,
      cpuSeconds: trained.cpuSeconds,
      stopped: trained.stopped,
    },
  };
}

/** A training that was stopped before it had learned anything is one that asked nothing, and so can't win. */
async function unlessStopped(
  trained: Promise<Trained>,
  { training, signal }: CompareOptions,
): Promise<Trained> {
  try {
    return await trained;
  } catch (error) {
    const stopped = training.stop?.aborted && !signal?.aborted;
    if (stopped && FuzzError.isInstance(error) && error.code === "FUZZ_CANCELLED") {
      const nothing = { shown: [], asked: [], steps: 0, cpuSeconds: 0, stopped };
      const adapter = new Uint8Array(0);
      return { ...nothing, adapter, loss: 0, startLoss: { shown: 0, alone: 0 } };
    }
    throw error;
  }
}
