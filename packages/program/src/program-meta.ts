import { z } from "zod";
import { sha256Schema } from "./compiler-manifest.ts";
import { inputNamesSchema } from "./format-input.ts";
import { exampleSchema, jsonValueSchema, outputTypeSchema } from "./output-type.ts";
import { parseWithSchema } from "./parse-with-schema.ts";
import { plainPromptSchema } from "./plain-prompt.ts";

const maxExamples = 4096;

export const programIdSchema = z.string().regex(/^[a-f0-9]{16,64}$/, "must be 16 to 64 hex digits");

export const programMetaSchema = z
  .looseObject({
    program_id: programIdSchema,
    /** "official" for a program that fuzzc did not make; what its meta.json lacks is filled in on reading. */
    format: z.enum(["fuzzc-1", "official"]),
    name: z.string().max(200).optional(),
    spec: z.string(),
    output: outputTypeSchema,
    /** Names of the inputs, which `formatInput` turns into text in this order; without it the input is plain text. */
    inputs: inputNamesSchema.optional(),
    /** Those shown in the prefix, in its order. */
    examples: z.array(exampleSchema).max(maxExamples),
    /** The output for an input outside the spec. */
    otherwise: jsonValueSchema.optional(),
    thresholds: z.looseObject({
      min_probability: z.number().min(0).max(1),
      /** Of the likeness to what the program is for; see `in_spec`. */
      min_in_spec: z.number().optional(),
    }),
    /** Added to each label's log-probability before the softmax, in the order of the labels. */
    label_bias: z.array(z.number()).optional(),
    adapter: z.looseObject({
      /** Where the weights come from: coefficients of the compiler's bases, adapter.gguf, or none. */
      form: z.enum(["thin", "full", "none"]),
      scale: z.number(),
    }),
    /** Of a label function that a sentence encoder runs; the vectors are the member prototypes.f16. */
    prototypes: z
      .looseObject({
        /** Numbers in each label's vector. */
        size: z.number().int().min(1).max(65_536),
        /** What the product of an input's vector and a label's is multiplied with before the softmax. */
        scale: z.number().min(0).max(10_000),
        /**
         * Of a function that may pick one of the candidates its input lists under the labels: what a candidate's
         * product is multiplied with. The last vector, after those of the labels, is then what right ones have more of.
         */
        ranking: z.looseObject({ scale: z.number().min(0).max(10_000) }).optional(),
      })
      .optional(),
    /**
     * Of a program that tells how like what it is for an input is; the member in_spec.f16 holds two vectors of the sentence
     * encoder: what texts have in common, and where the program's inputs lie from there.
     */
    in_spec: z
      .looseObject({
        /** Numbers in each of the two vectors. */
        size: z.number().int().min(1).max(65_536),
        encoder: z.looseObject({
          name: z.string(),
          source_sha256: sha256Schema,
          quantisation: z.string(),
        }),
      })
      .optional(),
    compiler: z
      .looseObject({ name: z.string(), version: z.string(), weights_sha256: sha256Schema })
      .optional(),
    interpreter: z.string().min(1),
    base: z.looseObject({
      name: z.string(),
      /** Of the file the catalogue names; empty when an official program does not say. */
      source_sha256: z.union([sha256Schema, z.literal("")]),
      quantisation: z.string(),
    }),
    /** How the prompt is written, on a base model without ChatML's tokens; left out, it is "chat-1". */
    prompt_form: plainPromptSchema.optional(),
    /** For official clients. */
    runtime: z.record(z.string(), z.json()).optional(),
    /** What the program was measured to do on its examples. */
    measured: z
      .looseObject({
        level: z.string(),
        examples: z.number(),
        score: z.number(),
        folds: z.number().optional(),
        baseline: z.number().optional(),
        learned: z.boolean(),
        by: z.string(),
        /** How many of the examples a teacher wrote. */
        teacher_pairs: z.number().optional(),
      })
      .optional(),
    created_by: z.string(),
  })
  .superRefine((meta, context) => {
    if (meta.adapter.form === "thin" && meta.compiler === undefined) {
      context.addIssue({
        code: "custom",
        path: ["compiler"],
        message: "must name the compiler of a thin program",
      });
    }
    if (meta.prototypes && (meta.output.type !== "labels" || meta.adapter.form === "thin")) {
      context.addIssue({
        code: "custom",
        path: ["prototypes"],
        message: "are only for a label function without coefficients",
      });
    }
    if (meta.prototypes && meta.adapter.form === "full" && meta.adapter.scale !== 1) {
      context.addIssue({
        code: "custom",
        path: ["adapter", "scale"],
        message: "must be 1 for the sentence encoder",
      });
    }
    const labels = meta.output.type === "labels" ? meta.output.labels.length : 0;
    if (meta.label_bias !== undefined && meta.label_bias.length !== labels) {
      context.addIssue({
        code: "custom",
        path: ["label_bias"],
        message: `must have one value a label (${labels})`,
      });
    }
  });

/** A program's `meta.json`. Further keys are kept as they are. */
export type ProgramMeta = z.infer<typeof programMetaSchema>;

/**
 * Checks a program's meta.
 * @throws FuzzError FUZZ_PROGRAM_INVALID
 */
export function checkProgramMeta(value: unknown): ProgramMeta {
  return parseWithSchema(programMetaSchema, value, {
    what: "meta.json of the program",
    code: "FUZZ_PROGRAM_INVALID",
    hint: "Compile the program again, or get it again from where it came from.",
  });
}
