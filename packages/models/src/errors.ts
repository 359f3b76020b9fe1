import { FuzzError } from "@fuzzc/program";

/** @throws FuzzError FUZZ_CANCELLED once `signal` is aborted. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) {
    // A lock that was lost, say, aborts with an error of its own.
    throw FuzzError.isInstance(signal.reason)
      ? signal.reason
      : new FuzzError("The work was cancelled", {
          code: "FUZZ_CANCELLED",
          kind: "cancelled",
          cause: signal.reason,
        });
  }
}

/** Why one source did not give the file; the resolver collects these and goes on to the next source. */
export class SourceFailure extends Error {
  override readonly name = "SourceFailure";

  constructor(reason: string, cause?: unknown) {
    super(reason, cause === undefined ? undefined : { cause });
  }
}

/** The error for a cache folder that can't take the file. No other source would help. */
export function diskError(path: string, cause: unknown): FuzzError {
  const full = errorCode(cause) === "ENOSPC" || errorCode(cause) === "EDQUOT";
  return new FuzzError(
    full
      ? `The disk is full: cannot write ${path}`
      : `Cannot write ${path}: ${(cause as Error).message}`,
    {
      code: full ? "FUZZ_DISK_FULL" : "FUZZ_CACHE_UNWRITABLE",
      kind: "resource",
      hint: full
        ? "Free some space, or set FUZZC_HOME to a folder on another disk."
        : "Set FUZZC_HOME to a folder that you may write to.",
      cause,
    },
  );
}

/** The error for files that no encoder can be made of. */
export function encoderError(what: string): FuzzError {
  return new FuzzError(`The encoder can't be converted: ${what}`, {
    code: "FUZZ_ENCODER_INVALID",
    hint: "Fetch it again; only BERT encoders in float32 are converted.",
  });
}

/** The `code` of an error of Node's (`ENOENT`), or "". */
export function errorCode(error: unknown): string {
  return String((error as { code?: unknown } | null)?.code ?? "");
}
