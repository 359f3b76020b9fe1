import type { Program } from "./program.ts";
import { contentMembers, metaMember } from "./program-members.ts";
import { sha256Hex } from "./sha256.ts";

/**
 * The id of a program: a SHA-256 over all its content but the id itself, in hex.
 * An official program keeps the id that it came with: a claim that nothing proves, so never the only key of a cache.
 * @throws FuzzError FUZZ_PROGRAM_INVALID, FUZZ_TEMPLATE_INVALID
 */
export async function programId(program: Program): Promise<string> {
  const { program_id, ...meta } = program.meta;
  if (meta.format === "official") {
    return program_id;
  }
  // A placeholder id lets the content be checked before its id is known.
  const unnamed = { ...program, meta: { ...program.meta, program_id: "0".repeat(64) } };
  const content = contentMembers(unnamed);
  const lines: string[] = [];
  for (const { name, bytes } of [metaMember(meta as typeof program.meta), ...content]) {
    lines.push(`${name} ${await sha256Hex(bytes)}\n`);
  }
  return sha256Hex(new TextEncoder().encode(lines.join("")));
}
