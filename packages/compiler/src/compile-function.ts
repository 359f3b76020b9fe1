import type { EncoderInterpreter } from "@fuzzc/interpreter";
import { FuzzError } from "@fuzzc/program";
import { compileForEncoder } from "./compile-for-encoder.ts";
import { type Compiled, type CompileOptions, compileForLanguage } from "./compile-program.ts";
import { type CompileRequest, checkRequest } from "./compile-request.ts";
import type { InterpreterKind } from "./report.ts";

export interface CompileFunctionOptions extends CompileOptions {
  /** For label functions; without it they are compiled for the language model. */
  encoder?: EncoderInterpreter | undefined;
  /** What must run it. Default: what the examples say, if there are enough; else the encoder, for labels. */
  kind?: InterpreterKind | undefined;
}

/** With fewer examples chance says more than they do. */
const minCompared = 6;
/** By how many held-back examples the language model must win: on validation functions the encoder is far ahead. */
const minLead = 2;

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
  const { encoder, kind, signal } = options;
  const { output, examples = [] } = request;
  if (kind === "encoder" && (output.type !== "labels" || encoder === undefined)) {
    throw new FuzzError(
      output.type === "labels"
        ? "The encoder is not open"
        : "The encoder runs label functions only",
      {
        code: "FUZZ_ENCODER_LABELS_ONLY",
        hint: 'Leave out the interpreter, or make it "language".',
      },
    );
  }
  if (output.type !== "labels" || encoder === undefined || kind === "language") {
    return compileForLanguage(request, options);
  }
  const level = options.level ?? (examples.length > 0 ? "O1" : "O0");
  const byEncoder = await compileForEncoder(
    { ...request, output },
    { encoder, level: level === "O0" ? "O0" : "O1", signal },
  );
  const compiled = { ...byEncoder, adapter: null };
  if (kind === "encoder" || level === "O0" || examples.length < minCompared) {
    return compiled;
  }
  const byLanguage = await compileForLanguage(request, options);
  const [language, nearest] = [byLanguage.report.heldBack, byEncoder.report.heldBack];
  if (language === undefined || nearest === undefined) {
    return compiled;
  }
  // -O2 holds back fewer examples, so that shares are compared.
  const lead = (language.exact / language.total - nearest.exact / nearest.total) * language.total;
  return lead >= minLead
    ? { ...byLanguage, report: { ...byLanguage.report, other: nearest } }
    : { ...compiled, report: { ...compiled.report, other: language } };
}
