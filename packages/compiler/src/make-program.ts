import {
  type Example,
  formatTask,
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

/** Puts a program together, thin unless it has a trained adapter, and names it by its content. */
export async function makeProgram(
  request: CompileRequest,
  settings: Settings,
  coefficients: Uint8Array,
  { manifest }: Compiler,
): Promise<Program> {
  const parts = { task: formatTask(request.spec, request.output), examples: settings.shown };
  const { name, version, base } = manifest;
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
      compiler: { name, version, weights_sha256: manifest.weights.sha256 },
      interpreter: `${base.name}-${base.quantisation.toLowerCase()}`,
      base: {
        name: base.name,
        source_sha256: base.sourceSha256,
        quantisation: base.quantisation,
      },
      ...(settings.measured !== undefined && { measured: settings.measured }),
      created_by: createdBy,
    },
    promptTemplate: renderTemplate(parts),
    pseudoProgram: renderPseudoProgram(parts),
    ...(form === "thin" && { coefficients }),
    ...(form === "full" && trained !== undefined && { adapter: trained }),
  };
  program.meta.program_id = await programId(program);
  return program;
}
