import { buildAdapter, type Compiler, compileProgram, makeProgram, mapTask } from "@fuzzc/compiler";
import type { EncoderInterpreter, Interpreter } from "@fuzzc/interpreter";
import { type Example, encodeCoefficients, formatTask, type Program } from "@fuzzc/program";
import type { Made } from "./ask-program.ts";
import type { Wording } from "./corpus.ts";
import { makePromptedProgram } from "./make-prompted-program.ts";

/** What is compiled and compared; each answers the same inputs. */
export const configurations = [
  "free",
  "base",
  "shared",
  "wrong",
  "program",
  "base+examples",
  "shared+examples",
  "program+examples",
] as const;
export type Configuration = (typeof configurations)[number];

export const descriptions: Record<Configuration, string> = {
  free: "the base model, prompted with the spec, writing freely",
  base: "the base model, prompted with the spec, held to its labels or JSON",
  shared: "one shared adapter for all functions",
  wrong: "the program of another function's spec",
  program: "the program, from the spec alone (-O0)",
  "base+examples": "the base model with the same examples in the prompt",
  "shared+examples": "the shared adapter with the same examples in the prompt",
  "program+examples": "the program with the examples (-O1)",
};

/** What configurations run on. */
export interface Models {
  compiler: Compiler;
  interpreter: Interpreter;
  encoder: EncoderInterpreter;
}

export interface Question {
  wording: Wording;
  /** Whose coefficients the wrong program gets. */
  other: Wording;
  examples: readonly Example[];
  asked: readonly Example[];
  /** Inputs that the function isn't for. */
  outside: {
    /** Of other functions. */
    others: readonly string[];
    /** Written to be mistaken for its own. */
    nearMisses: readonly string[];
  };
}

/** A program with the same prompt that may write any text, as a base model without fuzzc does. */
function freeOutput(program: Program): Program {
  // The prompt of an official program stands in its template, whatever its output.
  return { ...program, meta: { ...program.meta, format: "official", output: { type: "text" } } };
}

/** The program that a configuration makes of a question. */
export async function makeConfiguration(
  configuration: Configuration,
  { wording, other, examples }: Question,
  models: Models,
): Promise<Made> {
  const request = { spec: wording.spec, output: wording.output };
  // A function that may abstain learns what isn't its to answer; its answers are the same.
  const abstaining = { ...request, otherwise: null };
  if (configuration === "program") {
    return compileProgram(abstaining, { ...models, level: "O0" });
  }
  if (configuration === "program+examples") {
    return compileProgram({ ...abstaining, examples }, { ...models, level: "O1" });
  }
  if (configuration === "free") {
    return { program: freeOutput(await makePromptedProgram(request, models)), adapter: null };
  }
  const shown = configuration.endsWith("+examples") ? examples : [];
  if (configuration.startsWith("base")) {
    const program = await makePromptedProgram({ ...request, examples: shown }, models);
    return { program, adapter: null };
  }
  const { compiler, interpreter } = models;
  const source = configuration === "wrong" ? other : wording;
  const task = formatTask(source.spec, source.output);
  const { coefficients } = await mapTask(task, compiler, interpreter);
  const picked = configuration.startsWith("shared") ? coefficients.fill(0) : coefficients;
  const settings = { shown, scale: 1 };
  const program = await makeProgram(request, settings, encodeCoefficients(picked), compiler);
  return { program, adapter: buildAdapter(program, compiler) };
}
