import type { EncoderInterpreter, Interpreter } from "@fuzzc/interpreter";
import { FuzzError } from "@fuzzc/program";
import { compileForEncoder } from "./compile-for-encoder.ts";
import { type Compiled, type CompileOptions, compileForLanguage } from "./compile-program.ts";
import { type CompileRequest, checkRequest } from "./compile-request.ts";
import { learnInSpec } from "./learn-in-spec.ts";
import type { Compiler } from "./load-compiler.ts";
import type { InterpreterKind } from "./report.ts";
import { share } from "./score-answers.ts";

export interface CompileFunctionOptions extends Omit<CompileOptions, "compiler" | "interpreter"> {
  /** With `interpreter`: what `chooseKinds` says may be left out. */
  compiler?: Compiler | null | undefined;
  interpreter?: Interpreter | undefined;
  /** For label functions; without it they are compiled for the language model. */
  encoder?: EncoderInterpreter | undefined;
  /** What must run it. Default: what the examples say, if there are enough; else the encoder, for labels. */
  kind?: InterpreterKind | undefined;
}

/** With fewer examples chance says more than they do. */
const minCompared = 6;
/**
 * By how many held-back examples the language model must win: two standard errors of such a difference. On validation
 * functions the encoder is far ahead, and a lead of two among six was chance more often than not.
 */
const minLead = (count: number) => Math.sqrt(2 * count);

/**
 * What a compile needs open: for labels the encoder, the language model for all else, and both where held-back examples
 * decide between them, or where the function is to tell by the encoder what isn't its to answer.
 */
export function chooseKinds(
  request: CompileRequest,
  { kind, level }: Pick<CompileFunctionOptions, "kind" | "level">,
): InterpreterKind[] {
  const { output, examples = [] } = request;
  if (kind !== undefined) {
    return [kind];
  }
  if (output.type !== "labels") {
    return mayLearnInSpec(request) ? ["language", "encoder"] : ["language"];
  }
  return level !== "O0" && examples.length >= minCompared ? ["encoder", "language"] : ["encoder"];
}

/**
 * Compiles a spec into a program: for the language model, or a label function for the sentence encoder, whichever
 * answers more of the held-back examples right. The same request, models and engine give the same bytes.
 *
 * @throws FuzzError what `checkRequest` refuses, FUZZ_COMPILER_MISMATCH for another base model, FUZZ_ENCODER_LABELS_ONLY,
 * and what the interpreters throw, FUZZ_INPUT_TOO_LONG and FUZZ_CANCELLED among them
 */
export async function compileProgram(
  request: CompileRequest,
  options: CompileFunctionOptions,
): Promise<Compiled> {
  checkRequest(request);
  const compiled = await compileForEither(request, options);
  const { encoder, signal } = options;
  if (encoder === undefined || !mayLearnInSpec(request)) {
    return compiled;
  }
  const inputs = (request.examples ?? []).map(({ input }) => input);
  return { ...compiled, program: await learnInSpec(compiled.program, inputs, encoder, signal) };
}

/** Whether a function may abstain, and does not say itself from what on. */
function mayLearnInSpec({ otherwise, minProbability }: CompileRequest): boolean {
  return otherwise !== undefined && minProbability === undefined;
}

async function compileForEither(
  request: CompileRequest,
  options: CompileFunctionOptions,
): Promise<Compiled> {
  const { encoder, kind, signal } = options;
  const { output, examples = [] } = request;
  if (kind === "encoder" && output.type !== "labels") {
    throw new FuzzError("The encoder runs label functions only", {
      code: "FUZZ_ENCODER_LABELS_ONLY",
      hint: 'Leave out the interpreter, or make it "language".',
    });
  }
  const isLanguage = kind === "language" || options.compiler === null;
  if (output.type !== "labels" || encoder === undefined || isLanguage) {
    return compileForLanguage(request, { ...options, ...needLanguage(options) });
  }
  const level = options.level ?? (examples.length > 0 ? "O1" : "O0");
  const byEncoder = await compileForEncoder(
    { ...request, output },
    { encoder, level, training: options.training, signal, onProgress: options.onProgress },
  );
  const compiled = { ...byEncoder, adapter: null };
  if (!chooseKinds(request, { kind, level }).includes("language")) {
    return compiled;
  }
  const score = byEncoder.report.heldBack;
  if (score === undefined || score.total - score.exact < minLead(score.total)) {
    // The language model could not win by enough.
    return compiled;
  }
  // Trained on examples of labels, the language model still answered fewer than the encoder did untrained.
  const byLanguage = await compileForLanguage(request, {
    ...options,
    ...needLanguage(options),
    level: "O1",
  });
  const language = byLanguage.report.heldBack;
  if (language === undefined) {
    return compiled;
  }
  // -O2 of the encoder may hold back fewer examples, so that shares are compared.
  const lead = (share(language) - share(score)) * language.total;
  return lead >= minLead(language.total)
    ? { ...byLanguage, report: { ...byLanguage.report, other: score } }
    : { ...compiled, report: { ...compiled.report, other: language } };
}

function needLanguage({
  compiler,
  interpreter,
}: CompileFunctionOptions): Pick<CompileOptions, "compiler" | "interpreter"> {
  if (compiler === undefined || interpreter === undefined) {
    throw new FuzzError("Compiling for the language model takes a compiler and an interpreter", {
      code: "FUZZ_OPTION_INVALID",
      hint: "Open what chooseKinds names, and pass it.",
    });
  }
  return { compiler, interpreter };
}
