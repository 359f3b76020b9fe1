import { join } from "node:path";
import { cacheFolder, withLock } from "@fuzzc/models";
import { wordingVersion } from "./ask-for-pairs.ts";
import type { CostEstimate } from "./estimate-cost.ts";
import { hashJson, Journal } from "./journal.ts";
import type { Pair } from "./pair.ts";
import { PairWriter } from "./pair-writer.ts";
import type { PairsProgress, PairsReport } from "./pairs-report.ts";
import type { PairsRequest } from "./pairs-request.ts";
import type { Teacher } from "./teacher.ts";

export interface WritePairsOptions {
  teacher: Teacher;
  /** How many pairs are wanted. */
  count: number;
  /**
   * Called once before the first request that the journal can't answer; what it throws ends the work. Without it
   * nobody is asked.
   */
  confirm?: ((estimate: CostEstimate) => Promise<void>) | undefined;
  /** Where journals lie. Default: the user's cache folder. */
  folder?: string | undefined;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: PairsProgress) => void) | undefined;
}

export interface WrittenPairs {
  pairs: Pair[];
  report: PairsReport;
}

/**
 * Has a teacher write pairs for a function: in rounds, in several styles; what breaks the declared output and what is
 * there already is dropped; then each input is answered again, and a pair is kept only if both outputs agree. Each
 * answer goes to a journal in the cache folder, so that a run that was ended goes on where it stopped.
 * @returns fewer than `count` pairs when the teacher has no more to give.
 * @throws FuzzError FUZZ_TEACHER_NO_PAIRS, FUZZ_CANCELLED, FUZZ_CACHE_UNWRITABLE, and what `Teacher.ask` throws
 */
export async function writePairs(
  request: PairsRequest,
  options: WritePairsOptions,
): Promise<WrittenPairs> {
  const folder = options.folder ?? join(cacheFolder(), "teachers");
  const path = join(folder, `${journalKey(request, options.teacher)}.jsonl`);
  return withLock(
    path,
    async (signal) => {
      await using journal = await Journal.open(path);
      return await new PairWriter(request, { ...options, signal }, journal).run();
    },
    { signal: options.signal },
  );
}

/** The number of pairs is no part of it: who wants more goes on with those there are. */
function journalKey({ spec, output, inputs, examples }: PairsRequest, teacher: Teacher): string {
  const own = examples.map(({ input, output }) => [input, output]);
  return hashJson([
    wordingVersion,
    teacher.identity,
    spec,
    output as never,
    inputs === undefined ? null : [...inputs],
    own,
  ]);
}
