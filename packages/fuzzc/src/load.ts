import { ensureBaseModel, ensureEncoder, guardProgram, type ReadyModel } from "@fuzzc/interpreter";
import {
  FuzzError,
  type FuzzyInput,
  type JsonValue,
  type Program,
  readProgram,
} from "@fuzzc/program";
import { adapterOf } from "./adapter-of.ts";
import { baseOf } from "./base-of.ts";
import { type FuzzyFunction, makeFunction } from "./fuzzy-function.ts";
import { readPlace } from "./read-place.ts";
import type { SetupOptions } from "./setup-options.ts";
import { shareEncoder, shareInterpreter } from "./shared-interpreter.ts";

/**
 * The function of a `.paw` file, whose path or URL (`file:` or `data:`) it takes. `Output` and `Input` are not checked: they
 * are what you know the function to give and to take.
 * @example
 * const triage = await load<"now" | "later">("triage.paw");
 * @throws FuzzError FUZZ_FILE_NOT_FOUND, FUZZ_OPTION_INVALID, what `readProgram`, `resolveBaseModel` and `Interpreter.load`
 * throw, and FUZZ_COMPILER_MISMATCH for a thin program of another compiler
 */
export async function load<Output extends JsonValue = JsonValue, Input extends FuzzyInput = string>(
  place: string | URL,
  options: SetupOptions = {},
): Promise<FuzzyFunction<Output, Input>> {
  const program = await readProgram(await readPlace(place));
  const { base = baseOf(program), compiler, ...setup } = options;
  if (program.prototypes === undefined) {
    return loadProgram(program, await ensureBaseModel(base, setup), { compiler, ...setup });
  }
  if (options.base !== undefined) {
    const what = typeof place === "string" ? place : "The program";
    throw new FuzzError(`${what} runs on the sentence encoder, on no other base model`, {
      code: "FUZZ_BASE_MISMATCH",
      hint: 'Leave the base out, or compile it again with the interpreter "language".',
    });
  }
  return loadProgram(program, await ensureEncoder(base, setup), setup);
}

/**
 * Loads a program on the shared interpreter of its base model, and of the encoder if it tells its inputs by that.
 * `finish` is as `makeFunction` takes it, the rest as `load` takes it.
 */
export async function loadProgram<Output, Input = string>(
  program: Program,
  model: ReadyModel,
  options: Omit<SetupOptions, "base"> & {
    finish?: ((output: JsonValue) => Promise<Output>) | undefined;
  } = {},
): Promise<FuzzyFunction<Output, Input>> {
  const isEncoder = program.prototypes !== undefined;
  const lease = isEncoder ? await shareEncoder(model) : await shareInterpreter(model);
  const leases: AsyncDisposable[] = [lease];
  const release = async () => {
    for (const one of leases) {
      await one[Symbol.asyncDispose]();
    }
  };
  try {
    const loaded = await lease.interpreter.load(
      program,
      await adapterOf(program, options.compiler),
    );
    const { in_spec: inSpec } = program.meta;
    if (inSpec === undefined) {
      return makeFunction(loaded, release, options.finish);
    }
    const encoder = await shareEncoder(
      isEncoder ? model : await ensureEncoder(inSpec.encoder.name, options),
    );
    leases.push(encoder);
    return makeFunction(guardProgram(loaded, encoder.interpreter), release, options.finish);
  } catch (error) {
    await release();
    throw error;
  }
}
