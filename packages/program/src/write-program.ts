import type { Program } from "./program.ts";
import { programId } from "./program-id.ts";
import { contentMembers, metaMember } from "./program-members.ts";
import { writeZip } from "./write-zip.ts";

/**
 * Writes a `.paw`. The same program gives the same bytes: fixed times, fixed order, nothing compressed (weights
 * hardly shrink, and compressors differ between platforms). Sets `program_id`.
 * @throws FuzzError FUZZ_PROGRAM_INVALID, FUZZ_TEMPLATE_INVALID, FUZZ_PROGRAM_LIMIT
 */
export async function writeProgram(program: Program): Promise<Uint8Array> {
  const meta = { ...program.meta, program_id: await programId(program) };
  const content = contentMembers({ ...program, meta });
  return writeZip([metaMember(meta), ...content]);
}
