import { type CompileRequest, chooseKinds, type OptimisationLevel } from "@fuzzc/compiler";
import {
  type EncoderInterpreter,
  ensureBaseModel,
  ensureEncoder,
  type Interpreter,
  type ReadyModel,
} from "@fuzzc/interpreter";
import { defaultBaseModel, defaultEncoder } from "@fuzzc/models";
import { FuzzError, type Program } from "@fuzzc/program";
import type { InterpreterKind, SetupOptions } from "./setup-options.ts";
import { shareEncoder, shareInterpreter } from "./shared-interpreter.ts";

/** What a compile runs on: one model or both. */
export interface SharedModels extends AsyncDisposable {
  kind: InterpreterKind | undefined;
  language: { model: ReadyModel; interpreter: Interpreter } | undefined;
  encoder: { model: ReadyModel; interpreter: EncoderInterpreter } | undefined;
}

/**
 * Gets and opens the models that compiling a function takes, and no other.
 * @throws FuzzError FUZZ_OPTION_INVALID, and what `ensureBaseModel`, `ensureEncoder` and `openInterpreter` throw
 */
export async function shareModels(
  request: CompileRequest,
  options: SetupOptions & {
    interpreter?: InterpreterKind | undefined;
    level?: OptimisationLevel | undefined;
  },
): Promise<SharedModels> {
  const { interpreter, level, base } = options;
  if (interpreter !== undefined && interpreter !== "language" && interpreter !== "encoder") {
    throw new FuzzError(`The interpreter is ${JSON.stringify(interpreter)}`, {
      code: "FUZZ_OPTION_INVALID",
      hint: 'It is "language" or "encoder"; left out, fuzzc chooses.',
    });
  }
  // Whoever names a base model wants it to be used.
  const kind = interpreter ?? (base === undefined ? undefined : "language");
  const kinds = chooseKinds(request, { kind, ...(level && { level }) });
  // Both are fetched before either is opened.
  const encoder = kinds.includes("encoder")
    ? await ensureEncoder(defaultEncoder, options)
    : undefined;
  const language = kinds.includes("language")
    ? await ensureBaseModel(base ?? defaultBaseModel, options)
    : undefined;
  const encoderLease = encoder && (await shareEncoder(encoder));
  try {
    const languageLease = language && (await shareInterpreter(language));
    return {
      kind,
      language: languageLease && { model: language, interpreter: languageLease.interpreter },
      encoder: encoderLease && { model: encoder, interpreter: encoderLease.interpreter },
      async [Symbol.asyncDispose]() {
        await encoderLease?.[Symbol.asyncDispose]();
        await languageLease?.[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await encoderLease?.[Symbol.asyncDispose]();
    throw error;
  }
}

/** The model that a program out of `models` runs on. */
export function modelOf(program: Program, { language, encoder }: SharedModels): ReadyModel {
  const shared = program.prototypes === undefined ? language : encoder;
  return (shared as NonNullable<typeof shared>).model;
}
