import { type Program, programId } from "@fuzzc/program";

/** Notes in a program how many of the examples that it was measured on a teacher wrote; it gets another id by that. */
export async function markTaught(program: Program, pairs: number): Promise<Program> {
  const { measured } = program.meta;
  if (measured === undefined) {
    return program;
  }
  const meta = { ...program.meta, measured: { ...measured, teacher_pairs: pairs } };
  const marked = { ...program, meta };
  meta.program_id = await programId(marked);
  return marked;
}
