import { FuzzError } from "@fuzzc/program";

/** A run that was stopped by its signal. */
export function cancelledError(message: string, hint: string, signal: AbortSignal): FuzzError {
  return new FuzzError(message, {
    code: "FUZZ_CANCELLED",
    kind: "cancelled",
    hint,
    cause: signal.reason,
  });
}
