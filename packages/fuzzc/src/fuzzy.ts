import type { CompileReport, CompileRequest, OptimisationLevel } from "@fuzzc/compiler";
import { FuzzError, type JsonValue } from "@fuzzc/program";
import { compileCached } from "./compile-cached.ts";
import type { FuzzyFunction } from "./fuzzy-function.ts";
import { loadProgram } from "./load.ts";
import { type Json, type OutputForm, type OutputOf, toOutputType } from "./output-form.ts";
import { outputText } from "./output-text.ts";
import type { InterpreterKind, SetupOptions } from "./setup-options.ts";
import { modelOf, shareModels } from "./share-models.ts";

export interface FuzzyOptions<
  Form extends OutputForm = OutputForm,
  Otherwise extends Json = Json,
  Threshold extends number = number,
> extends SetupOptions {
  /** What goes in and what comes out, in plain English. */
  spec: string;
  /** A list of labels, "text" (default), "json" or a JSON Schema. */
  output?: Form | undefined;
  /** JSON outputs may be values. */
  examples?: readonly { readonly input: string; readonly output: Json }[] | undefined;
  /** What an input outside the spec gives. */
  otherwise?: Otherwise | undefined;
  /** Answers less likely than this are withheld: `otherwise`, or null, is given instead. */
  minProbability?: Threshold | undefined;
  name?: string | undefined;
  /** How much work the compiler puts in. Default: O1 with examples, else O0. */
  level?: OptimisationLevel | undefined;
  /** How long -O2 may train. Default: 2. */
  minutes?: number | undefined;
  /** What must run it. Default: for labels what answers more examples right, or the encoder while they are few. */
  interpreter?: InterpreterKind | undefined;
  /** Hears what the compile measured; not called when the function was in the cache. */
  onCompiled?: ((report: CompileReport) => void) | undefined;
}

/** What a function answers: its outputs, and what it gives when it abstains, if it can. */
export type ResultOf<Form extends OutputForm, Otherwise extends Json, Threshold extends number> =
  | OutputOf<Form>
  | ([Otherwise] extends [never] ? ([Threshold] extends [never] ? never : null) : Otherwise);

/**
 * A function from its spec. Compiled at the first call and kept in the cache by content; the base model is fetched once.
 * @example
 * const triage = await fuzzy({ spec: "How soon does this need a reply?", output: ["now", "later"] });
 * await triage("site is down!!"); // "now"
 * @throws FuzzError what fetching (`resolveBaseModel`), compiling (`compileProgram`) and loading (`Interpreter.load`) throw
 */
export function fuzzy(spec: string): Promise<FuzzyFunction<string>>;
export function fuzzy<
  const Form extends OutputForm = "text",
  const Otherwise extends Json = never,
  const Threshold extends number = never,
>(
  options: FuzzyOptions<Form, Otherwise, Threshold>,
): Promise<FuzzyFunction<ResultOf<Form, Otherwise, Threshold>>>;
export async function fuzzy(given: string | FuzzyOptions): Promise<FuzzyFunction<JsonValue>> {
  const options = typeof given === "string" ? { spec: given } : given;
  const request = toRequest(options);
  const { level, minutes, onProgress, signal } = options;
  await using models = await shareModels(request, options);
  const setup = { models, level, minutes, signal, onProgress };
  const { program, report, fresh } = await compileCached(request, setup);
  if (fresh) {
    options.onCompiled?.(report);
  }
  // Awaited here, so that the interpreter stays open until the function has its own share.
  return await loadProgram(program, modelOf(program, models));
}

/**
 * What the compiler takes, from what users give.
 * @throws FuzzError FUZZ_OUTPUT_INVALID, FUZZ_OPTION_INVALID
 */
export function toRequest(options: FuzzyOptions): CompileRequest {
  const { spec, examples = [], otherwise, minProbability, name } = options;
  if (typeof spec !== "string") {
    throw new FuzzError(`The spec is ${typeof spec}, not text`, {
      code: "FUZZ_OPTION_INVALID",
      hint: 'Call fuzzy("What it does, in plain English") or fuzzy({ spec, output, examples }).',
    });
  }
  const output = toOutputType(options.output);
  return {
    spec,
    output,
    examples: examples.map((example) => ({
      input: example.input,
      output: outputText(example.output, output),
    })),
    ...(otherwise !== undefined ? { otherwise: otherwise as JsonValue } : {}),
    ...(minProbability !== undefined ? { minProbability } : {}),
    ...(name !== undefined ? { name } : {}),
  };
}
