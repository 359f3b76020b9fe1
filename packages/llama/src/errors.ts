import { FuzzError } from "@fuzzc/program";

/** The error for a model, context, adapter or grammar that is used after its end. */
export function disposedError(what: string): FuzzError {
  return new FuzzError(`The ${what} has been disposed`, {
    code: "FUZZ_DISPOSED",
    hint: `Keep the ${what} open until the last call that uses it has settled.`,
  });
}

/** The error for a value out of its range; says what was given and what is allowed. */
export function rangeError(what: string, value: unknown, allowed: string): FuzzError {
  return new FuzzError(`${what} is ${value}, but must be ${allowed}`, {
    code: "FUZZ_OUT_OF_RANGE",
  });
}

/** @throws FuzzError FUZZ_OUT_OF_RANGE unless `value` is an integer from `low` to `high`. */
export function checkInteger(what: string, value: number, low: number, high: number): void {
  if (!Number.isInteger(value) || value < low || value > high) {
    throw rangeError(what, value, `an integer from ${low} to ${high}`);
  }
}

/** @throws FuzzError FUZZ_CANCELLED once `signal` is aborted. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) {
    throw cancelledError(signal);
  }
}

export function cancelledError(signal: AbortSignal): FuzzError {
  return new FuzzError("The work was cancelled", {
    code: "FUZZ_CANCELLED",
    kind: "cancelled",
    cause: signal.reason,
  });
}

/** The error for something the engine refused although it looked right to us. */
export function engineError(what: string): FuzzError {
  return new FuzzError(what, { code: "FUZZ_ENGINE_FAILED", kind: "internal" });
}
