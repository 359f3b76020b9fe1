import { FuzzError } from "@fuzzc/program";
import type { CompileLevel } from "../compile-level.ts";

/** What `fuzzc compile` takes for -O3. */
export interface TeacherFlags {
  /** A URL, or the path of a .gguf file. */
  teacher?: string;
  teacherModel?: string;
  /** How many pairs are wanted. */
  pairs?: number;
  /** Where the pairs are written to. */
  keepPairs?: string;
  yes?: boolean;
}

/**
 * The level of a compile: -O3 takes a teacher, and a teacher makes it -O3.
 * @param fileLevel what the *.fuzz.yaml says; the command line goes first.
 * @throws FuzzError FUZZ_OPTION_INVALID
 */
export function chooseLevel(
  flags: TeacherFlags & { level?: CompileLevel },
  fileLevel: CompileLevel | undefined,
): CompileLevel | undefined {
  if (flags.teacher !== undefined) {
    if (flags.level !== undefined && flags.level !== "O3") {
      const message = `A teacher has nothing to do at -${flags.level}`;
      throw invalid(message, "Use -O3, or leave out --teacher.");
    }
    return "O3";
  }
  const level = flags.level ?? fileLevel;
  const lone = [
    ["--teacher-model", flags.teacherModel],
    ["--pairs", flags.pairs],
    ["--keep-pairs", flags.keepPairs],
  ].find(([, value]) => value !== undefined)?.[0];
  if (level === "O3" || lone !== undefined) {
    throw invalid(
      `${lone ?? "-O3"} takes a teacher`,
      "Add --teacher URL --teacher-model NAME, or --teacher model.gguf.",
    );
  }
  return level;
}

function invalid(message: string, hint: string): FuzzError {
  return new FuzzError(message, { code: "FUZZ_OPTION_INVALID", hint });
}
