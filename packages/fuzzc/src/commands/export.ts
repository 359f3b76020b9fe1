import { readProgram, writeProgram } from "@fuzzc/program";
import { exportProgram } from "../export-program.ts";
import { readBytes } from "../read-fuzz-file.ts";
import { writeFileAtomically } from "../write-file-atomically.ts";
import type { Session } from "./session.ts";

/** `fuzzc export`: writes the full form of a program, for official clients. */
export async function exportFile(
  { terminal }: Session,
  path: string,
  flags: { out: string; baseUrl?: string },
): Promise<number> {
  const program = await readProgram(await readBytes(path));
  const bytes = await writeProgram(await exportProgram(program, flags));
  await writeFileAtomically(flags.out, bytes);
  await terminal.print(`${flags.out}: ${(bytes.length / 1e6).toFixed(1)} MB`);
  if (program.meta.output.type !== "text") {
    terminal.tell(
      "Official clients take it as a text function: they know neither labels nor schemas.",
    );
  }
  return 0;
}
