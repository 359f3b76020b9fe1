import { testModelPath } from "@fuzzc/llama";
import type { Example, OutputType, Program, ProgramMeta } from "@fuzzc/program";
import { afterAll, beforeAll } from "vitest";
import type { Base, Interpreter } from "./interpreter.ts";
import { type InterpreterOptions, openInterpreter } from "./open-interpreter.ts";

export const testBase: Base = {
  name: "smollm2-135m-instruct",
  source_sha256: "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
  quantisation: "Q8_0",
};

/** An interpreter on the base model that tests run on. */
export function openTestInterpreter(
  options: Partial<InterpreterOptions> = {},
): Promise<Interpreter> {
  return openInterpreter({ modelPath: testModelPath(), base: testBase, ...options });
}

/** The same for all tests of a file. */
export function useInterpreter(options: Partial<InterpreterOptions> = {}): () => Interpreter {
  let interpreter: Interpreter | undefined;
  beforeAll(async () => {
    interpreter = await openTestInterpreter(options);
  });
  afterAll(() => interpreter?.dispose());
  return () => interpreter as Interpreter;
}

/** A program without an adapter. */
export function makeProgram(
  spec: string,
  output: OutputType,
  pairs: readonly (readonly [input: string, output: string])[],
  meta: Partial<ProgramMeta> = {},
): Program {
  const examples = pairs.map(([input, output]): Example => ({ input, output }));
  return {
    meta: {
      program_id: "0".repeat(64),
      format: "fuzzc-1",
      spec,
      output,
      examples,
      thresholds: { min_probability: 0 },
      adapter: { form: "none", scale: 0 },
      interpreter: testBase.name,
      base: testBase,
      created_by: "test",
      ...meta,
    },
    promptTemplate: "",
    pseudoProgram: "",
  };
}

export const triage = (meta: Partial<ProgramMeta> = {}) =>
  makeProgram(
    "Decide how soon a support message needs a reply.",
    { type: "labels", labels: ["now", "today", "later", "not at all"] },
    [
      ["The whole site is down!", "now"],
      ["The icon is a bit blurry.", "later"],
      ["I can't export my report.", "today"],
      ["Thanks, all good.", "not at all"],
    ],
    meta,
  );

export const order = (meta: Partial<ProgramMeta> = {}) =>
  makeProgram(
    "Take the item and the quantity out of an order.",
    {
      type: "json",
      schema: {
        type: "object",
        properties: {
          item: { type: "string" },
          quantity: { type: "integer", minimum: 1, maximum: 500 },
          colour: { enum: ["red", "blue", null] },
        },
        required: ["item", "quantity", "colour"],
        additionalProperties: false,
      },
    },
    [
      ["three red pens", '{"item":"pen","quantity":3,"colour":"red"}'],
      ["please send a blue cup", '{"item":"cup","quantity":1,"colour":"blue"}'],
      ["40 chairs to Rome", '{"item":"chair","quantity":40,"colour":null}'],
    ],
    meta,
  );

export const upper = (meta: Partial<ProgramMeta> = {}) =>
  makeProgram(
    "Write the word in capital letters.",
    { type: "text" },
    [
      ["house", "HOUSE"],
      ["tree", "TREE"],
      ["blue sky", "BLUE SKY"],
    ],
    meta,
  );
