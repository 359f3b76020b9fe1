import {
  type Example,
  formatTask,
  type PlainPrompt,
  type Program,
  type ProgramMeta,
  programId,
  renderPseudoProgram,
  renderTemplate,
} from "@fuzzc/program";
import type { CompileRequest } from "./compile-request.ts";
import type { Compiler } from "./load-compiler.ts";

/** What -O1 and -O2 choose; everything else of a program follows from the spec. */
export interface Settings {
  /** Examples in the prompt, in this order. */
  shown: readonly Example[];
  /** Strength of the adapter; 0 leaves it out. */
  scale: number;
  /** An adapter of the program's own in GGUF, instead of the coefficients. */
  trained?: Uint8Array;
  labelBias?: readonly number[];
  minProbability?: number;
  measured?: ProgramMeta["measured"];
}

/** What made the program, as its meta.json says it. */
export const createdBy = "fuzzc 0.1.0";

/** A program of a compiler, thin unless it has a trained adapter. */
export function makeProgram(
  request: CompileRequest,
  settings: Settings,
  coefficients: Uint8Array,
  { manifest }: Compiler,
): Promise<Program> {
  const { name, version, weights, base } = manifest;
  return putTogether(request, settings, {
    base: { name: base.name, source_sha256: base.sourceSha256, quantisation: base.quantisation },
    thin: { coefficients, compiler: { name, version, weights_sha256: weights.sha256 } },
  });
}

/** What a program depends on, apart from its request and settings. */
export interface ProgramSource {
  base: ProgramMeta["base"];
  /** Absent of a program that no compiler had a part in. */
  thin?: { coefficients: Uint8Array; compiler: NonNullable<ProgramMeta["compiler"]> };
  /** Of a base model that does not take the prompt "chat-1". */
  plain?: PlainPrompt;
  /** Of a label function on the sentence encoder: the vectors, and how they are read. */
  prototypes?: { values: Uint8Array; settings: NonNullable<ProgramMeta["prototypes"]> };
}

/** Puts a program together, and names it by its content. */
export async function putTogether(
  request: CompileRequest,
  settings: Settings,
  { base, thin, plain, prototypes }: ProgramSource,
): Promise<Program> {
  const parts = { task: formatTask(request.spec, request.output), examples: settings.shown, plain };
  const { trained, scale } = settings;
  const form = scale === 0 ? "none" : trained === undefined ? "thin" : "full";
  const program: Program = {
    meta: {
      program_id: "0".repeat(64),
      format: "fuzzc-1",
      ...(request.name !== undefined && { name: request.name }),
      spec: request.spec,
      output: request.output,
      ...(request.inputs !== undefined && { inputs: [...request.inputs] }),
      examples: [...settings.shown],
      ...(request.otherwise !== undefined && { otherwise: request.otherwise }),
      thresholds: { min_probability: settings.minProbability ?? 0 },
      ...(settings.labelBias !== undefined && { label_bias: [...settings.labelBias] }),
      adapter: { form, scale },
      ...(prototypes && { prototypes: prototypes.settings }),
      ...(thin && { compiler: thin.compiler }),
      interpreter: `${base.name}-${base.quantisation.toLowerCase()}`,
      base: { ...base },
      ...(plain && { prompt_form: plain }),
      ...(settings.measured !== undefined && { measured: settings.measured }),
      created_by: createdBy,
    },
    promptTemplate: renderTemplate(parts),
    pseudoProgram: renderPseudoProgram(parts),
    ...(prototypes && { prototypes: prototypes.values }),
    ...(form === "thin" && thin && { coefficients: thin.coefficients }),
    ...(form === "full" && trained !== undefined && { adapter: trained }),
  };
  program.meta.program_id = await programId(program);
  return program;
}
