import type { EncoderInterpreter } from "@fuzzc/interpreter";
import {
  encodeCoefficients,
  formatTask,
  type Program,
  type ProgramMeta,
  programId,
  renderPseudoProgram,
  renderTemplate,
} from "@fuzzc/program";
import type { CompileRequest } from "./compile-request.ts";
import type { LabelClassifier } from "./label-classifier.ts";
import { createdBy } from "./make-program.ts";
import type { CompileReport } from "./report.ts";
import { share } from "./score-answers.ts";

/** What a label program on the encoder answers by. */
export interface EncoderSettings extends LabelClassifier {
  minProbability?: number;
  measured: ProgramMeta["measured"] | undefined;
}

/** A program on the sentence encoder: prototypes, and an adapter where it was trained. */
export async function makeEncoderProgram(
  request: CompileRequest,
  { prototypes, scale, ranking, adapter, minProbability = 0, measured }: EncoderSettings,
  { base, encoder }: EncoderInterpreter,
): Promise<Program> {
  const { spec, output, inputs, name, otherwise } = request;
  const parts = { task: formatTask(spec, output), examples: [] };
  const size = encoder.embeddingSize;
  const vectors = [...prototypes.vectors, ...(ranking ? [ranking.direction] : [])];
  const values = new Float32Array(vectors.length * size);
  vectors.forEach((vector, index) => {
    values.set(vector, index * size);
  });
  const program: Program = {
    meta: {
      program_id: "0".repeat(64),
      format: "fuzzc-1",
      ...(name !== undefined && { name }),
      spec,
      output,
      ...(inputs !== undefined && { inputs: [...inputs] }),
      examples: [],
      ...(otherwise !== undefined && { otherwise }),
      thresholds: { min_probability: minProbability },
      label_bias: prototypes.bias.map((bias) => Math.round(1e4 * scale * bias) / 1e4 + 0),
      adapter: adapter ? { form: "full", scale: 1 } : { form: "none", scale: 0 },
      prototypes: { size, scale, ...(ranking && { ranking: { scale: ranking.scale } }) },
      interpreter: `${base.name}-${base.quantisation.toLowerCase()}`,
      base: { ...base },
      ...(measured !== undefined && { measured }),
      created_by: createdBy,
    },
    promptTemplate: renderTemplate(parts),
    pseudoProgram: renderPseudoProgram(parts),
    prototypes: encodeCoefficients(values),
    ...(adapter && { adapter }),
  };
  program.meta.program_id = await programId(program);
  return program;
}

/** What a compile says of itself, for the program's meta. */
export function measure({
  level,
  heldBack,
  specOnly,
  learned,
}: CompileReport): ProgramMeta["measured"] | undefined {
  return (
    heldBack &&
    specOnly && {
      level,
      examples: heldBack.total,
      score: share(heldBack),
      baseline: share(specOnly),
      learned,
      by: createdBy,
    }
  );
}
