import { join } from "node:path";
import { FuzzError, programId, writeProgram } from "@fuzzc/program";
import { compileCached } from "../compile-cached.ts";
import { exportProgram } from "../export-program.ts";
import { toRequest } from "../fuzzy.ts";
import { findTarget, nameTarget } from "../open-target.ts";
import type { OutputForm } from "../output-form.ts";
import { shareModels } from "../share-models.ts";
import { writeFileAtomically } from "../write-file-atomically.ts";
import { offerToStop } from "./offer-to-stop.ts";
import { openOptions, type Session, type SharedFlags } from "./session.ts";

export interface CompileFlags extends SharedFlags {
  out?: string;
  output?: OutputForm;
  full?: boolean;
  baseUrl?: string;
  minutes?: number;
}

/** `fuzzc compile`: writes a program, and says what was measured. */
export async function compileFile(
  session: Session,
  word: string,
  flags: CompileFlags,
): Promise<number> {
  const target = await findTarget(word, flags.output);
  if (target.kind === "program") {
    throw new FuzzError(`${word} is compiled already`, {
      code: "FUZZ_FILE_KIND",
      hint: `Did you mean: fuzzc export ${word} -o full.paw`,
    });
  }
  const request = toRequest(target.source);
  const options = openOptions(session, flags);
  const level = options.level ?? target.source.level;
  const minutes = flags.minutes ?? target.source.minutes;
  // Official clients know the language model only.
  const interpreter = flags.interpreter ?? (flags.full ? "language" : target.source.interpreter);
  await using models = await shareModels(request, { ...options, level, interpreter });
  using offer = offerToStop(session, options.onProgress);
  const { stop, onProgress } = offer;
  const setup = { ...options, level, minutes, models, stop, onProgress };
  const compiled = await compileCached(request, setup);
  const program = flags.full ? await exportProgram(compiled.program, flags) : compiled.program;
  const bytes = await writeProgram(program);
  const path = flags.out ?? join(".", `${nameTarget(target)}.paw`);
  await writeFileAtomically(path, bytes);
  const { report, fresh } = compiled;
  await session.terminal.print(
    flags.json
      ? JSON.stringify({
          path,
          program_id: await programId(program),
          size_bytes: bytes.length,
          cached: !fresh,
          ...report,
        })
      : `${path}: ${(bytes.length / 1000).toFixed(1)} kB, ${report.summary}`,
  );
  return 0;
}
