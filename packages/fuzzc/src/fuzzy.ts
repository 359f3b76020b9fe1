import type { CompileRequest } from "@fuzzc/compiler";
import { FuzzError, formatInput, type JsonValue } from "@fuzzc/program";
import type { StandardSchemaV1 } from "@standard-schema/spec";
import { compileCached } from "./compile-cached.ts";
import { levelWithoutTeacher } from "./compile-level.ts";
import type { FuzzyFunction } from "./fuzzy-function.ts";
import type { FuzzyOptions, InputOf, ResultOf } from "./fuzzy-options.ts";
import { loadProgram } from "./load.ts";
import { type Json, type OutputForm, toOutputType } from "./output-form.ts";
import { outputText } from "./output-text.ts";
import { modelOf, shareModels } from "./share-models.ts";
import { isStandardSchema, validateOutput } from "./standard-schema.ts";

/** Options of any type. */
type AnyOptions = FuzzyOptions<OutputForm | StandardSchemaV1>;

/**
 * A function from its spec. Compiled at the first call and kept in the cache by content; the base model is fetched once.
 * @example
 * const triage = await fuzzy({ spec: "How soon does this need a reply?", output: ["now", "later"] });
 * await triage("site is down!!"); // "now"
 * @example
 * const order = await fuzzy({ spec: "Item and quantity of an order.", output: z.object({ item: z.string(), quantity: z.int() }) });
 * (await order("three glass bowls")).quantity; // 3
 * @throws FuzzError what fetching (`resolveBaseModel`), compiling (`compileProgram`) and loading (`Interpreter.load`) throw
 */
export function fuzzy(spec: string): Promise<FuzzyFunction<string>>;
export function fuzzy<
  const Form extends OutputForm | StandardSchemaV1 = "text",
  const Otherwise extends Json = never,
  const Threshold extends number = never,
  const Names extends readonly string[] = never,
>(
  options: FuzzyOptions<Form, Otherwise, Threshold, Names>,
): Promise<FuzzyFunction<ResultOf<Form, Otherwise, Threshold>, InputOf<Names>>>;
export async function fuzzy(given: string | AnyOptions): Promise<FuzzyFunction<unknown, never>> {
  const options = typeof given === "string" ? { spec: given } : given;
  const request = toRequest(options);
  const schema = isStandardSchema(options.output) ? options.output : undefined;
  const { compiler, minutes, onProgress, signal } = options;
  const level = levelWithoutTeacher(options.level);
  await using models = await shareModels(request, { ...options, level });
  const setup = { models, compiler, level, minutes, signal, onProgress };
  const { program, report, fresh } = await compileCached(request, setup);
  if (fresh) {
    options.onCompiled?.(report);
  }
  // Awaited here, so that the interpreter stays open until the function has its own share.
  return await loadProgram(program, modelOf(program, models), {
    ...options,
    finish: schema && ((value) => validateOutput(schema, value)),
  });
}

/**
 * What the compiler takes, from what users give.
 * @throws FuzzError FUZZ_OUTPUT_INVALID, FUZZ_OPTION_INVALID
 */
export function toRequest(options: AnyOptions): CompileRequest {
  const { spec, inputs, examples = [], otherwise, minProbability, name } = options;
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
    ...(inputs !== undefined ? { inputs } : {}),
    examples: examples.map((example) => ({
      input: formatInput(example.input, inputs),
      output: outputText(example.output as Json, output),
    })),
    ...(otherwise !== undefined ? { otherwise: otherwise as JsonValue } : {}),
    ...(minProbability !== undefined ? { minProbability } : {}),
    ...(name !== undefined ? { name } : {}),
  };
}
