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
import { noCompiler } from "./find-compiler.ts";
import type { InterpreterKind, SetupOptions } from "./setup-options.ts";
import { type InterpreterLease, shareEncoder, shareInterpreter } from "./shared-interpreter.ts";

/** A model that is opened when it is first needed, since a compiled function in the cache may need another one. */
export interface SharedModel<One> {
  model: ReadyModel;
  /** The same interpreter each time. */
  open: () => Promise<One>;
}

/** What a compile runs on: one model or both. */
export interface SharedModels extends AsyncDisposable {
  kind: InterpreterKind | undefined;
  language: SharedModel<Interpreter> | undefined;
  encoder: SharedModel<EncoderInterpreter> | undefined;
}

/**
 * Gets the models that compiling a function takes, and no other.
 * @throws FuzzError FUZZ_OPTION_INVALID, and what `ensureBaseModel` and `ensureEncoder` throw
 */
export async function shareModels(
  request: CompileRequest,
  options: SetupOptions & {
    interpreter?: InterpreterKind | undefined;
    level?: OptimisationLevel | undefined;
  },
): Promise<SharedModels> {
  const { interpreter, level, base, compiler } = options;
  if (interpreter !== undefined && interpreter !== "language" && interpreter !== "encoder") {
    throw new FuzzError(`The interpreter is ${JSON.stringify(interpreter)}`, {
      code: "FUZZ_OPTION_INVALID",
      hint: 'It is "language" or "encoder"; left out, fuzzc chooses.',
    });
  }
  if (interpreter === "encoder" && compiler === noCompiler) {
    throw new FuzzError("Only programs of the language model are made from scratch", {
      code: "FUZZ_OPTION_INVALID",
      hint: "Leave out either --from-scratch (compiler: none), or the interpreter encoder.",
    });
  }
  // Whoever names a base model wants it to be used.
  const isLanguage = base !== undefined || compiler === noCompiler;
  const kind = interpreter ?? (isLanguage ? "language" : undefined);
  const kinds = chooseKinds(request, { kind, ...(level && { level }) });
  const encoder = kinds.includes("encoder")
    ? await ensureEncoder(defaultEncoder, options)
    : undefined;
  const language = kinds.includes("language")
    ? await ensureBaseModel(base ?? defaultBaseModel, options)
    : undefined;
  const leases = new Map<ReadyModel, Promise<InterpreterLease<unknown>>>();
  const openOnce = async <One>(
    model: ReadyModel,
    share: (model: ReadyModel) => Promise<InterpreterLease<One>>,
  ) => {
    const lease = (leases.get(model) as ReturnType<typeof share> | undefined) ?? share(model);
    leases.set(model, lease);
    return (await lease).interpreter;
  };
  return {
    kind,
    language: language && { model: language, open: () => openOnce(language, shareInterpreter) },
    encoder: encoder && { model: encoder, open: () => openOnce(encoder, shareEncoder) },
    async [Symbol.asyncDispose]() {
      for (const lease of await Promise.allSettled(leases.values())) {
        if (lease.status === "fulfilled") {
          await lease.value[Symbol.asyncDispose]();
        }
      }
    },
  };
}

/** The model that a program out of `models` runs on. */
export function modelOf(program: Program, { language, encoder }: SharedModels): ReadyModel {
  const shared = program.prototypes === undefined ? language : encoder;
  return (shared as NonNullable<typeof shared>).model;
}
