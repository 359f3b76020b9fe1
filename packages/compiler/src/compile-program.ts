import type { Interpreter } from "@fuzzc/interpreter";
import { type Example, formatTask, type Program } from "@fuzzc/program";
import type { Progress } from "@fuzzc/trainer";
import { chooseThreshold, majorityShare } from "./calibrate.ts";
import { chooseExamples } from "./choose-examples.ts";
import { beginFromScratch, beginWithCompiler } from "./compile-origin.ts";
import { type CompileRequest, checkRequest } from "./compile-request.ts";
import { askProgram } from "./cross-validate.ts";
import { contentFreeInputs, labelBias } from "./label-bias.ts";
import type { Compiler } from "./load-compiler.ts";
import { createdBy, type Settings } from "./make-program.ts";
import { maxShown, optimiseWithExamples } from "./optimise-with-examples.ts";
import type { TrainingOptions } from "./optimise-with-training.ts";
import { type CompileReport, hasLearned, summarise } from "./report.ts";
import { scoreAnswers, share } from "./score-answers.ts";
import { trainAndCompare } from "./train-and-compare.ts";

/** O0: the spec alone, one forward pass. O1: the examples choose, by forward passes. O2: the adapter is trained on them. */
export type OptimisationLevel = "O0" | "O1" | "O2";

export interface CompileProgress {
  stage: "spec" | "examples" | "training";
  /** Steps done, and how many there are in this stage. */
  done: number;
  of: number;
  /** Where a training stands. */
  training?: Progress;
}

export interface CompileOptions {
  /** null: from scratch, on any base model. */
  compiler: Compiler | null;
  interpreter: Interpreter;
  /** O1 when there are examples, else O0. */
  level?: OptimisationLevel;
  /** For O2. */
  training?: TrainingOptions;
  signal?: AbortSignal;
  onProgress?: (progress: CompileProgress) => void;
}

export interface Compiled {
  /** In the thin form, unless training won. */
  program: Program;
  /** Its adapter as the GGUF that `Interpreter.load` takes; null when -O1 left it out. */
  adapter: Uint8Array | null;
  report: CompileReport;
}

// Prompts in training were no longer; the rest of the context is for the input and the output.
const promptRoom = 700;
// Fewer examples can't be held back and still leave something to learn from.
const minTrained = 4;

/**
 * Compiles a spec into a program. The same request, compiler and engine give the same bytes.
 *
 * @throws FuzzError what `checkRequest` refuses, FUZZ_COMPILER_MISMATCH for another base model, FUZZ_COMPILER_NEEDED
 * for -O0 without one, and what the interpreter throws, FUZZ_INPUT_TOO_LONG and FUZZ_CANCELLED among them
 */
export async function compileForLanguage(
  request: CompileRequest,
  options: CompileOptions,
): Promise<Compiled> {
  checkRequest(request);
  const { compiler, interpreter, signal, onProgress } = options;
  const examples = request.examples ?? [];
  const level = options.level ?? (examples.length > 0 ? "O1" : "O0");
  const task = formatTask(request.spec, request.output);
  onProgress?.({ stage: "spec", done: 0, of: 1 });
  const origin =
    compiler === null
      ? beginFromScratch(request, level, interpreter)
      : await beginWithCompiler(request, compiler, interpreter, signal);
  const { adapter, make } = origin;
  const ask = { interpreter, adapter, ...(signal && { signal }) };

  const plain = await makeSpecOnly(request, make, ask);
  onProgress?.({ stage: "spec", done: 1, of: 1 });
  const specOnly = examples.length > 0 ? await askExamples(plain, examples, ask) : undefined;
  const finish = async (settings: Settings, found: Omit<CompileReport, "summary">) => {
    const report = { ...found, interpreter: "language" as const, summary: summarise(found) };
    const program = await make({ ...settings, ...measure(report, examples.length) });
    const own = settings.trained ?? adapter;
    return { program, adapter: settings.scale === 0 ? null : own, report };
  };
  if (level === "O0" || specOnly === undefined) {
    return finish(
      { ...plain.settings, ...chooseThreshold(request, specOnly?.answers ?? [], examples) },
      {
        level: "O0",
        shown: 0,
        scale: 1,
        learned: false,
        ...(specOnly && { heldBack: specOnly.score, specOnly: specOnly.score }),
      },
    );
  }
  const { output } = request;
  const tokens = (text: string) => interpreter.model.tokenize(text, { special: false }).length;
  const room = Math.max(0, promptRoom - tokens(task));
  const choose = (pool: readonly Example[], count: number) =>
    chooseExamples(pool, output, {
      count,
      room,
      // Two turns of a role and two marks each.
      tokens: (example) => tokens(example.input) + tokens(example.output) + 10,
    });
  const best = await optimiseWithExamples({
    ...ask,
    examples,
    output,
    choose,
    make,
    specOnly: specOnly.answers,
    onProgress: (done, of) => onProgress?.({ stage: "examples", done, of }),
  });
  const majority = output.type === "labels" ? majorityShare(examples) : 0;
  const { settings, heldBack } = best;
  const prompted = { ...settings, ...chooseThreshold(request, best.answers, examples) };
  const measured = {
    level,
    heldBack,
    specOnly: specOnly.score,
    shown: settings.shown.length,
    scale: settings.scale,
    learned: hasLearned(heldBack, specOnly.score, majority),
  };
  // Where every example is answered without having been seen, training has nothing to be chosen for.
  const isPerfect = heldBack.exact === heldBack.total;
  if (level === "O1" || examples.length < minTrained || isPerfect) {
    return finish(prompted, measured);
  }
  const trained = await trainAndCompare({
    ...ask,
    output,
    task,
    examples,
    origin,
    choose: (pool) => choose(pool, maxShown),
    training: options.training ?? {},
    specOnly: specOnly.answers,
    prompted: best.answers,
    promptShows: settings.shown.length > 0,
    onProgress: (done, of, training) => onProgress?.({ stage: "training", done, of, training }),
  });
  if (trained.asked.length === 0) {
    return finish(prompted, measured);
  }
  const scores = { specOnly: trained.specOnly, training: trained.report };
  if (trained.report.winner === "prompt") {
    return finish(prompted, { ...measured, ...scores, heldBack: trained.report.prompted });
  }
  const threshold = chooseThreshold(request, trained.answers, trained.asked);
  const own = { ...trained.settings, ...threshold };
  return finish(own, {
    level,
    ...scores,
    heldBack: trained.report.trained,
    shown: own.shown.length,
    scale: 1,
    learned: hasLearned(trained.report.trained, trained.specOnly, majority),
  });
}

type Ask = Parameters<typeof askProgram>[2];

/** The -O0 program: no example, the adapter as trained, labels freed of their prior. */
async function makeSpecOnly(
  { output }: CompileRequest,
  make: (settings: Settings) => Promise<Program>,
  ask: Ask,
): Promise<{ program: Program; settings: Settings }> {
  const settings: Settings = { shown: [], scale: 1 };
  const program = await make(settings);
  if (output.type !== "labels") {
    return { program, settings };
  }
  const asked = contentFreeInputs.map((input) => ({ input }));
  const answers = await askProgram(program, asked, ask);
  const distributions = answers.map((answer) => answer.labels ?? {});
  const corrected = { ...settings, labelBias: labelBias(output.labels, distributions, 1) };
  return { program: await make(corrected), settings: corrected };
}

async function askExamples(
  { program }: { program: Program },
  examples: readonly Example[],
  ask: Ask,
) {
  const answers = await askProgram(program, examples, ask);
  return { answers, score: scoreAnswers(answers, examples) };
}

function measure(report: CompileReport, count: number): Pick<Settings, "measured"> {
  const { level, heldBack, specOnly, learned } = report;
  if (heldBack === undefined || specOnly === undefined) {
    return {};
  }
  return {
    measured: {
      level,
      examples: count,
      score: share(heldBack),
      baseline: share(specOnly),
      learned,
      by: createdBy,
    },
  };
}
