import { type Program, readProgram } from "@fuzzc/program";
import { describeOutput } from "../describe-output.ts";
import { readBytes } from "../read-fuzz-file.ts";
import type { Session } from "./session.ts";

/** `fuzzc inspect`: shows what a program holds. */
export async function inspectFile(
  { terminal }: Session,
  path: string,
  flags: { json?: boolean },
): Promise<number> {
  const bytes = await readBytes(path);
  const program = await readProgram(bytes);
  const { meta, promptTemplate } = program;
  if (flags.json) {
    const sizes = {
      file: bytes.length,
      coefficients: program.coefficients?.length ?? 0,
      adapter: program.adapter?.length ?? 0,
      prototypes: program.prototypes?.length ?? 0,
    };
    await terminal.print(JSON.stringify({ path, size_bytes: sizes, meta, prompt: promptTemplate }));
    return 0;
  }
  const rows = describeProgram(program, bytes.length).map(
    ([key, value]) => `${key.padEnd(10)} ${value.replaceAll("\n", `\n${" ".repeat(11)}`)}`,
  );
  await terminal.print(rows.join("\n"));
  return 0;
}

function describeProgram(program: Program, sizeBytes: number): [string, string][] {
  const { meta } = program;
  const { form, scale } = meta.adapter;
  const weights = (program.coefficients ?? program.adapter)?.length ?? 0;
  const { compiler, measured, base, thresholds, otherwise } = meta;
  const rows: [string, string | undefined][] = [
    ["id", meta.program_id],
    ["name", meta.name],
    ["spec", meta.spec.trim()],
    ["output", describeOutput(meta.output)],
    ["examples", meta.examples.map(({ input, output }) => `${input} -> ${output}`).join("\n")],
    ["otherwise", otherwise === undefined ? undefined : JSON.stringify(otherwise)],
    ["threshold", thresholds.min_probability > 0 ? `${thresholds.min_probability}` : undefined],
    [
      "in spec",
      meta.in_spec && `from a likeness to its usual inputs of ${thresholds.min_in_spec ?? 0}`,
    ],
    ["adapter", form === "none" ? "none" : `${form}, ${kilobytes(weights)}, strength ${scale}`],
    ["prototypes", program.prototypes && `one a label, ${kilobytes(program.prototypes.length)}`],
    ["compiler", compiler && `${compiler.name} ${compiler.version}`],
    ["base", `${base.name} ${base.quantisation}`.trim()],
    ["measured", measured && describeMeasured(measured)],
    ["made by", meta.created_by],
    ["size", kilobytes(sizeBytes)],
  ];
  return rows.filter((row): row is [string, string] => row[1] !== undefined && row[1] !== "");
}

function describeMeasured(measured: NonNullable<Program["meta"]["measured"]>): string {
  const { level, examples, score, baseline, learned, teacher_pairs: taught } = measured;
  const percent = (share: number) => `${Math.round(share * 100)} %`;
  const before = baseline === undefined ? "" : `, ${percent(baseline)} with the spec alone`;
  const note = learned ? "" : "; it learned nothing from the examples";
  const by = taught === undefined ? "" : `; ${taught} of them by a teacher`;
  return `-${level}: ${percent(score)} of ${examples} held-back examples right${before}${note}${by}`;
}

function kilobytes(bytes: number): string {
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
