import type { Program } from "@fuzzc/program";
import { compileCached } from "../compile-cached.ts";
import { levelWithoutTeacher } from "../compile-level.ts";
import { exportProgram } from "../export-program.ts";
import { toRequest } from "../fuzzy.ts";
import type { FuzzFile } from "../parse-fuzz-file.ts";
import type { SetupOptions } from "../setup-options.ts";
import { type SharedModels, shareModels } from "../share-models.ts";

/** A function says its base itself: all else that a compile needs to know. */
export type BuildSetup = Pick<SetupOptions, "offline" | "onProgress" | "signal">;

/**
 * The program of a function, compiled or out of the cache.
 * @param setup whose `models` gets what was opened: it stays open for the functions that follow.
 * @throws FuzzError FUZZ_TEACHER_NEEDED, and what `shareModels` and `compileCached` throw
 */
export async function compileSource(
  file: FuzzFile,
  { offline, onProgress, signal, models }: BuildSetup & { models: SharedModels[] },
): Promise<{ program: Program; summary: string }> {
  const { compiler, interpreter } = file;
  const level = levelWithoutTeacher(file.level);
  const request = toRequest(file);
  const options = { offline, onProgress, signal, level };
  const shared = await shareModels(request, { ...options, compiler, interpreter });
  models.push(shared);
  const setup = { ...options, compiler, models: shared };
  const { program, report } = await compileCached(request, setup);
  // With its adapter in it, a program needs no compiler that may lie elsewhere where it runs.
  const isThin = compiler !== undefined && program.meta.adapter.form === "thin";
  const whole = isThin ? await exportProgram(program, { compiler }) : program;
  return { program: whole, summary: report.summary };
}
