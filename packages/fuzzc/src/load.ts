import { buildAdapter } from "@fuzzc/compiler";
import { ensureBaseModel, type ReadyModel } from "@fuzzc/interpreter";
import { type JsonValue, type Program, readProgram } from "@fuzzc/program";
import { loadDefaultCompiler } from "./default-compiler.ts";
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
  const { offline, onProgress, signal } = options;
  const base = options.base ?? program.meta.base.name;
  return loadProgram(program, await ensureBaseModel(base, { offline, onProgress, signal }));
}

/** Loads a program on the shared interpreter of its base model. */
export async function loadProgram<Output extends JsonValue>(
  program: Program,
  model: ReadyModel,
): Promise<FuzzyFunction<Output>> {
  const lease = await shareInterpreter(model);
  try {
    const loaded = await lease.interpreter.load(program, await adapterOf(program));
    return makeFunction(loaded, () => Promise.resolve(lease[Symbol.asyncDispose]()));
  } catch (error) {
    await lease[Symbol.asyncDispose]();
    throw error;
  }
}

/** The adapter of a program in GGUF, rebuilt if it is thin; the compiler is read only for that. */
export async function adapterOf(program: Program): Promise<Uint8Array | null> {
  const { form } = program.meta.adapter;
  if (form === "thin") {
    return buildAdapter(program, await loadDefaultCompiler());
  }
  return form === "none" ? null : (program.adapter ?? null);
}
