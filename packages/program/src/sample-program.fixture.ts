import { encodeCoefficients } from "./coefficients.ts";
import { formatTask } from "./format-task.ts";
import type { Example, OutputType } from "./output-type.ts";
import type { Program } from "./program.ts";
import type { ProgramMeta } from "./program-meta.ts";
import { renderPseudoProgram, renderTemplate } from "./render-template.ts";
import { writeAdapter } from "./write-adapter.ts";

/** A thin program as the compiler makes one, with changes to its meta. */
export function sampleProgram(changes: Partial<ProgramMeta> = {}): Program {
  const spec = "Decide how soon a support message needs a reply.";
  const output: OutputType = { type: "labels", labels: ["now", "today", "later"] };
  const examples: Example[] = [
    { input: "the site is down", output: "now" },
    { input: "thanks, all good", output: "later" },
  ];
  const parts = { task: formatTask(spec, output), examples };
  return {
    meta: {
      program_id: "0".repeat(64),
      format: "fuzzc-1",
      spec,
      output,
      examples,
      otherwise: null,
      thresholds: { min_probability: 0.4 },
      label_bias: [0, 0.25, -0.25],
      adapter: { form: "thin", scale: 1 },
      compiler: { name: "smol", version: "0.1.0", weights_sha256: "a".repeat(64) },
      interpreter: "smollm2-135m-instruct-q8_0",
      base: {
        name: "smollm2-135m-instruct",
        source_sha256: "b".repeat(64),
        quantisation: "Q8_0",
      },
      created_by: "fuzzc 0.1.0",
      ...changes,
    },
    promptTemplate: renderTemplate(parts),
    pseudoProgram: renderPseudoProgram(parts),
    coefficients: encodeCoefficients(Float32Array.from({ length: 64 }, (_, i) => i / 8 - 4)),
  };
}

/** The same program in full form. */
export function sampleFullProgram(): Program {
  const { coefficients: _, ...program } = sampleProgram({ adapter: { form: "full", scale: 1 } });
  return { ...program, adapter: sampleAdapter() };
}

/** A label function for a sentence encoder: a vector of four numbers for each of its three labels. */
export function sampleEncoderProgram(changes: Partial<ProgramMeta> = {}): Program {
  const { coefficients: _, ...program } = sampleProgram({
    adapter: { form: "none", scale: 0 },
    prototypes: { size: 4, scale: 8 },
    ...changes,
  });
  return {
    ...program,
    prototypes: encodeCoefficients(Float32Array.from({ length: 12 }, (_, i) => Math.sin(i))),
  };
}

export function sampleAdapter(): Uint8Array {
  return writeAdapter(
    {
      architecture: "llama",
      rank: 4,
      alpha: 8,
      layers: new Map([
        [
          "blk.0.attn_q.weight",
          {
            a: Float32Array.from({ length: 4 * 64 }, (_, i) => Math.sin(i)),
            b: Float32Array.from({ length: 64 * 4 }, (_, i) => Math.cos(i)),
            dIn: 64,
            dOut: 64,
          },
        ],
      ]),
    },
    { type: "F16", headCounts: { heads: 4, kvHeads: 2 } },
  );
}
