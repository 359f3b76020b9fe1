import { setMaxListeners } from "node:events";
import { FuzzError } from "@fuzzc/program";
import type { RunOptions } from "./answer.ts";
import type { Decoded } from "./decoder.ts";
import type { Job } from "./job.ts";

/** The result of a job that also ends when its signal is aborted or its time is over. */
export function watchJob(job: Job, options: RunOptions): Promise<Decoded> {
  return watchTask(job.result, (error) => job.fail(error), options);
}

/** A result that also ends when the signal is aborted or its time is over: then `fail` is called, to end the task. */
export async function watchTask<Result>(
  result: Promise<Result>,
  fail: (error: FuzzError) => void,
  { signal, timeoutMs }: RunOptions,
): Promise<Result> {
  if (signal !== undefined) {
    // One signal for many calls is no leak: each takes its listener off again.
    setMaxListeners(0, signal);
  }
  const abort = () => fail(cancelledError(signal?.reason));
  signal?.addEventListener("abort", abort, { once: true });
  const timer =
    timeoutMs === undefined
      ? undefined
      : setTimeout(() => fail(timeoutError(timeoutMs)), timeoutMs);
  try {
    return await result;
  } finally {
    signal?.removeEventListener("abort", abort);
    clearTimeout(timer);
  }
}

/** @throws FuzzError FUZZ_CANCELLED when the signal is aborted already, FUZZ_OUT_OF_RANGE for options that make no sense. */
export function checkRunOptions({ signal, timeoutMs, maxOutputTokens }: RunOptions): void {
  if (signal?.aborted) {
    throw cancelledError(signal.reason);
  }
  if (timeoutMs !== undefined && !(timeoutMs >= 0 && timeoutMs < 2 ** 31)) {
    throw new FuzzError(`timeoutMs is ${timeoutMs}, but must be from 0 to ${2 ** 31 - 1}`, {
      code: "FUZZ_OUT_OF_RANGE",
    });
  }
  if (
    maxOutputTokens !== undefined &&
    !(Number.isInteger(maxOutputTokens) && maxOutputTokens > 0)
  ) {
    throw new FuzzError(
      `maxOutputTokens is ${maxOutputTokens}, but must be a whole number above 0`,
      {
        code: "FUZZ_OUT_OF_RANGE",
      },
    );
  }
}

function cancelledError(cause: unknown): FuzzError {
  return new FuzzError("The call was cancelled", {
    code: "FUZZ_CANCELLED",
    kind: "cancelled",
    cause,
  });
}

function timeoutError(timeoutMs: number): FuzzError {
  return new FuzzError(`The call took longer than ${timeoutMs} ms`, {
    code: "FUZZ_TIMEOUT",
    kind: "cancelled",
    hint: "Allow more time, or give fewer inputs at once.",
  });
}
