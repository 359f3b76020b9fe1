import { ensureBaseModel, type ReadyModel } from "@fuzzc/interpreter";
import { type JsonValue, type Program, readProgram } from "@fuzzc/program";
import { adapterOf } from "./adapter-of.ts";
import { type FuzzyFunction, makeFunction } from "./fuzzy-function.ts";
import { readBytes } from "./read-fuzz-file.ts";
import type { SetupOptions } from "./setup-options.ts";
import { shareInterpreter } from "./shared-interpreter.ts";

/**
 * The function of a `.paw` file. `Output` is not checked: it is what you know the function to give.
 * @example
 * const triage = await load<"now" | "later">("triage.paw");
 * @throws FuzzError FUZZ_FILE_NOT_FOUND, what `readProgram`, `resolveBaseModel` and `Interpreter.load` throw, and
 * FUZZ_COMPILER_MISMATCH for a thin program of another compiler
 */
export async function load<Output extends JsonValue = JsonValue>(
  path: string,
  options: SetupOptions = {},
): Promise<FuzzyFunction<Output>> {
  const program = await readProgram(await readBytes(path));
  const { base = program.meta.base.name, ...setup } = options;
  return loadProgram(program, await ensureBaseModel(base, setup));
}

/** Loads a program on the shared interpreter of its base model. */
export async function loadProgram<Output extends JsonValue>(
  program: Program,
  model: ReadyModel,
): Promise<FuzzyFunction<Output>> {
  const lease = await shareInterpreter(model);
  const release = async () => lease[Symbol.asyncDispose]();
  try {
    const loaded = await lease.interpreter.load(program, await adapterOf(program));
    return makeFunction(loaded, release);
  } catch (error) {
    await release();
    throw error;
  }
}
