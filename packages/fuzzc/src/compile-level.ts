import type { OptimisationLevel } from "@fuzzc/compiler";
import { FuzzError } from "@fuzzc/program";

/** How much work a compile is. At O3 a teacher writes examples, and then it is O2. */
export type CompileLevel = OptimisationLevel | "O3";

/**
 * The level of a compile that has no teacher.
 * @throws FuzzError FUZZ_TEACHER_NEEDED
 */
export function levelWithoutTeacher(
  level: CompileLevel | undefined,
): OptimisationLevel | undefined {
  if (level === "O3") {
    throw new FuzzError("optimise: 3 takes a teacher", {
      code: "FUZZ_TEACHER_NEEDED",
      hint: "Have its pairs written once: fuzzc compile FILE --teacher URL --teacher-model NAME --keep-pairs pairs.jsonl. Then name pairs.jsonl in the examples, and write optimise: 2.",
    });
  }
  return level;
}
