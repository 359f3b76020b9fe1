import type { ProgramMeta } from "./program-meta.ts";

/** A compiled function: what a `.paw` file holds. */
export interface Program {
  meta: ProgramMeta;
  /** The whole prompt as text with `{INPUT_PLACEHOLDER}` once, for official clients. */
  promptTemplate: string;
  /** The text part of the program, for people. */
  pseudoProgram: string;
  /** Of a thin program: float16, little endian; see `decodeCoefficients`. */
  coefficients?: Uint8Array;
  /** Of a full program: a LoRA adapter in GGUF, for what runs it. */
  adapter?: Uint8Array;
  /** Of a label function that a sentence encoder runs: a vector for each label, float16, little endian. */
  prototypes?: Uint8Array;
  /** Of a program that knows its inputs: two vectors of a sentence encoder, float16, little endian; see `meta.in_spec`. */
  inSpec?: Uint8Array;
}

/** Members of a `.paw` by what they hold. */
export const memberNames = {
  meta: "meta.json",
  template: "prompt_template.txt",
  pseudoProgram: "pseudo_program.txt",
  coefficients: "coefficients.f16",
  adapter: "adapter.gguf",
  prototypes: "prototypes.f16",
  inSpec: "in_spec.f16",
} as const;

/** What official clients take as the smallest adapter. */
export const minAdapterBytes = 1024;
