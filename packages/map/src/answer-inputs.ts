import type { Answer } from "@fuzzc/interpreter";
import { FuzzError } from "@fuzzc/program";
import { cancelledError } from "./cancelled-error.ts";
import type { AnswerRow, WorkCounts, WorkFile } from "./work-file.ts";

/** Answers that may be lost when the process dies: they are written when there are so many, or so much time has passed. */
const maxUnsaved = 1024;
const saveEveryMs = 500;

/** How far a run is. */
export interface MapProgress {
  /** The table is read, its inputs are answered, the output is written. */
  stage: "read" | "answer" | "write";
  done: number;
  /** 0 where it is not known. */
  of: number;
  /** Since the run began or went on; 0 where nothing is counted yet. */
  perSecond: number;
}

export type Settled = PromiseSettledResult<Pick<Answer, "output" | "probability">>;

/**
 * Takes answers and keeps them in the work file.
 * @param before what was done when the answers began
 * @returns the seconds it took
 * @throws FuzzError FUZZ_CANCELLED once all answers that had come are kept
 */
export async function answerInputs(
  work: WorkFile,
  before: WorkCounts,
  answers: AsyncIterable<Settled>,
  signal: AbortSignal | undefined,
  onProgress: ((progress: MapProgress) => void) | undefined,
): Promise<number> {
  const begun = performance.now();
  let saved = begun;
  let count = before.answered;
  let rows: AnswerRow[] = [];
  const seconds = () => (performance.now() - begun) / 1000;
  const save = async () => {
    if (rows.length > 0) {
      await work.addAnswers(count, rows);
      count += rows.length;
      rows = [];
    }
    saved = performance.now();
    const perSecond = (count - before.answered) / Math.max(seconds(), 0.001);
    onProgress?.({ stage: "answer", done: count, of: before.inputs, perSecond });
  };
  try {
    for await (const settled of answers) {
      // What was cut short is asked again when the run goes on.
      if (signal?.aborted) {
        break;
      }
      rows.push(toRow(settled));
      if (rows.length >= maxUnsaved || performance.now() - saved >= saveEveryMs) {
        await save();
      }
    }
  } catch (error) {
    if (!signal?.aborted) {
      throw error;
    }
  } finally {
    await save();
  }
  if (signal?.aborted) {
    throw cancelledError(
      `Stopped when ${count} of ${before.inputs} inputs were answered`,
      "The answers are kept: give the same command with --resume to go on.",
      signal,
    );
  }
  if (count !== before.inputs) {
    throw new FuzzError(`${before.inputs} inputs were asked, but ${count} answers came`, {
      code: "FUZZ_INTERNAL",
      kind: "internal",
    });
  }
  return Math.round(seconds() * 1000) / 1000;
}

function toRow(settled: Settled): AnswerRow {
  if (settled.status === "fulfilled") {
    const { output, probability } = settled.value;
    return { output, probability, error: null };
  }
  const reason: unknown = settled.reason;
  const message = reason instanceof Error ? reason.message : String(reason);
  const code = FuzzError.isInstance(reason) ? reason.code : "FUZZ_INTERNAL";
  return { output: null, probability: null, error: `${message} (${code})` };
}
