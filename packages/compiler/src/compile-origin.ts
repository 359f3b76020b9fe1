import type { Interpreter } from "@fuzzc/interpreter";
import {
  encodeCoefficients,
  FuzzError,
  formatTask,
  type PlainPrompt,
  type Program,
} from "@fuzzc/program";
import { buildAdapter } from "./build-adapter.ts";
import { choosePrompt } from "./choose-prompt.ts";
import type { OptimisationLevel } from "./compile-program.ts";
import type { CompileRequest } from "./compile-request.ts";
import type { Compiler } from "./load-compiler.ts";
import { makeProgram, putTogether, type Settings } from "./make-program.ts";
import { mapTask } from "./map-task.ts";

/** What a compile begins with: the program that a compiler makes of the spec, or the base model as it is. */
export interface CompileOrigin {
  /** Of the -O0 program, in GGUF; null: there is none. */
  adapter: Uint8Array | null;
  make(settings: Settings): Promise<Program>;
  /** Of a base model that does not take the prompt "chat-1". */
  plain?: PlainPrompt | undefined;
  /** The largest rank of a trained adapter. */
  maxRank: number;
}

// The trainer's limit.
const maxRank = 64;

/**
 * Begins with a compiler's program.
 * @throws FuzzError FUZZ_COMPILER_MISMATCH when it was made for another base model
 */
export async function beginWithCompiler(
  request: CompileRequest,
  compiler: Compiler,
  interpreter: Interpreter,
  signal?: AbortSignal,
): Promise<CompileOrigin> {
  const { name, base, adapter } = compiler.manifest;
  if (interpreter.base.source_sha256 !== base.sourceSha256) {
    throw new FuzzError(
      `The compiler ${name} was made for the base model ${base.name}, not for ${interpreter.base.name}`,
      {
        code: "FUZZ_COMPILER_MISMATCH",
        hint: `Use the base model ${base.name}; or compile without a compiler, from examples: --from-scratch -O2.`,
      },
    );
  }
  const task = formatTask(request.spec, request.output);
  const predicted = await mapTask(task, compiler, interpreter, signal);
  const coefficients = encodeCoefficients(predicted.coefficients);
  const make = (settings: Settings) => makeProgram(request, settings, coefficients, compiler);
  return {
    adapter: buildAdapter(await make({ shown: [], scale: 1 }), compiler),
    make,
    maxRank: adapter.rank,
  };
}

/**
 * Begins with the base model as it is, whichever it is: examples in the prompt and a trained adapter are all there is.
 * @throws FuzzError FUZZ_COMPILER_NEEDED for -O0; FUZZ_MODEL_UNSUPPORTED for a base model that no prompt fits
 */
export function beginFromScratch(
  request: CompileRequest,
  level: OptimisationLevel,
  { model, base }: Interpreter,
): CompileOrigin {
  if (level === "O0" || (request.examples ?? []).length === 0) {
    throw new FuzzError(
      `Nothing can be made of the spec alone without a compiler for the base model ${base.name}`,
      {
        code: "FUZZ_COMPILER_NEEDED",
        hint: "Give examples, eight or more, and compile with -O2; or use the default base model and its compiler.",
      },
    );
  }
  const plain = choosePrompt(model);
  return {
    adapter: null,
    plain,
    // There is an adapter to be strong or weak only once one is trained.
    make: (settings) =>
      putTogether(request, settings.trained ? settings : { ...settings, scale: 0 }, {
        base: { ...base },
        ...(plain && { plain }),
      }),
    maxRank,
  };
}
