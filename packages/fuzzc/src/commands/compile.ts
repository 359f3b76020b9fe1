import { join } from "node:path";
import { FuzzError, programId, writeProgram } from "@fuzzc/program";
import { compileCached } from "../compile-cached.ts";
import type { CompileLevel } from "../compile-level.ts";
import { exportProgram } from "../export-program.ts";
import { toRequest } from "../fuzzy.ts";
import { markTaught } from "../mark-taught.ts";
import { findTarget, nameTarget } from "../open-target.ts";
import type { OutputForm } from "../output-form.ts";
import { shareModels } from "../share-models.ts";
import { writeFileAtomically } from "../write-file-atomically.ts";
import { askTeacher } from "./ask-teacher.ts";
import { offerToStop } from "./offer-to-stop.ts";
import { openOptions, type Session, type SharedFlags } from "./session.ts";
import { chooseLevel, type TeacherFlags } from "./teacher-flags.ts";

export interface CompileFlags extends Omit<SharedFlags, "level">, TeacherFlags {
  level?: CompileLevel;
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
  const chosen = chooseLevel(flags, target.source.level);
  const own = toRequest(target.source);
  const taught = chosen === "O3" ? await askTeacher(session, own, flags) : undefined;
  const request = taught?.request ?? own;
  // What the teacher wrote is trained on like the user's own examples.
  const level = chosen === "O3" ? "O2" : chosen;
  const { level: _, ...others } = flags;
  const options = openOptions(session, others);
  const { compiler = target.source.compiler } = options;
  const minutes = flags.minutes ?? target.source.minutes;
  // Official clients know the language model only.
  const interpreter = flags.interpreter ?? (flags.full ? "language" : target.source.interpreter);
  await using models = await shareModels(request, { ...options, compiler, level, interpreter });
  using offer = offerToStop(session, options.onProgress);
  const { stop, onProgress } = offer;
  const setup = { ...options, compiler, level, minutes, models, stop, onProgress };
  const compiled = await compileCached(request, setup);
  const made = taught ? await markTaught(compiled.program, taught.report.pairs) : compiled.program;
  const program = flags.full ? await exportProgram(made, { ...flags, compiler }) : made;
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
          ...(taught && { teacher: taught.report }),
        })
      : `${path}: ${(bytes.length / 1000).toFixed(1)} kB, ${report.summary}${describeTaught(taught)}`,
  );
  return 0;
}

function describeTaught(taught: Awaited<ReturnType<typeof askTeacher>> | undefined): string {
  if (taught === undefined) {
    return "";
  }
  const { request, report } = taught;
  return `; ${report.pairs} of the ${request.examples?.length} examples are by the teacher, ${report.name}`;
}
