import { testModelPath } from "@fuzzc/llama";
import {
  type Example,
  type OutputType,
  type Program,
  type ProgramMeta,
  writeAdapter,
} from "@fuzzc/program";
import { afterAll, beforeAll } from "vitest";
import type { Base, Interpreter } from "./interpreter.ts";
import { type InterpreterOptions, openInterpreter } from "./open-interpreter.ts";

export const testBase = {
  name: "smollm2-135m-instruct",
  source_sha256: "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
  quantisation: "Q8_0",
} satisfies Base;

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

/** Writes the input again; with so many examples the base hardly ever finds another token nearly as likely. */
export const copy = (meta: Partial<ProgramMeta> = {}) =>
  makeProgram(
    "Write the text again, exactly as it is.",
    { type: "text" },
    [
      "three red pens",
      "2024-05-01 at noon",
      "Oslo, Rome & Lima",
      "x = y + 2",
      "the end",
      "no, thank you",
      "10:45",
      "A B C",
      "green tea",
      "seven blue chairs",
    ].map((text) => [text, text] as const),
    meta,
  );

/** Inputs that it copies right. */
export const copied = ["four red pens", "11:30", "x = z + 3", "two black cats", "a blue hat"];

/** The bytes of an adapter for the query weights of some layers, strong enough to change the answers. */
export function makeAdapter({ model }: Interpreter, seed: number, strength = 2): Uint8Array {
  const random = makeRandom(seed);
  const values = (length: number) =>
    Float32Array.from({ length }, () => (random() - 0.5) * strength);
  const rank = 4;
  const dIn = model.embeddingSize;
  const dOut = model.headCount * (dIn / model.headCount);
  const layers = new Map(
    [0, 4, 8, 12, 16].map((layer) => [
      `blk.${layer}.attn_q.weight`,
      { a: values(rank * dIn), b: values(dOut * rank), dIn, dOut },
    ]),
  );
  return writeAdapter(
    { architecture: model.architecture, rank, alpha: rank, layers },
    { type: "F16", headCounts: { heads: model.headCount, kvHeads: model.kvHeadCount } },
  );
}

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
export function makeRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
