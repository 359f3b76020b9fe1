import type { EncoderInterpreter } from "@fuzzc/interpreter";
import { encodeCoefficients, type Program, type ProgramMeta } from "@fuzzc/program";
import type { CompileRequest } from "./compile-request.ts";
import type { LabelClassifier } from "./label-classifier.ts";
import { createdBy, putTogether, type Settings } from "./make-program.ts";
import type { CompileReport } from "./report.ts";
import { share } from "./score-answers.ts";

/** What a label program on the encoder answers by. */
export interface EncoderSettings extends LabelClassifier {
  minProbability?: number;
  measured: ProgramMeta["measured"] | undefined;
}

/** A program on the sentence encoder: prototypes, and an adapter where it was trained. */
export function makeEncoderProgram(
  request: CompileRequest,
  { prototypes, scale, ranking, adapter, minProbability, measured }: EncoderSettings,
  { base, encoder }: EncoderInterpreter,
): Promise<Program> {
  const size = encoder.embeddingSize;
  const vectors = [...prototypes.vectors, ...(ranking ? [ranking.direction] : [])];
  const values = new Float32Array(vectors.length * size);
  vectors.forEach((vector, index) => {
    values.set(vector, index * size);
  });
  const settings: Settings = {
    shown: [],
    scale: adapter ? 1 : 0,
    ...(adapter && { trained: adapter }),
    labelBias: prototypes.bias.map((bias) => Math.round(1e4 * scale * bias) / 1e4 + 0),
    ...(minProbability !== undefined && { minProbability }),
    ...(measured !== undefined && { measured }),
  };
  return putTogether(request, settings, {
    base: { ...base },
    prototypes: {
      values: encodeCoefficients(values),
      settings: { size, scale, ...(ranking && { ranking: { scale: ranking.scale } }) },
    },
  });
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
