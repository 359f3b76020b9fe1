import { FuzzError } from "@fuzzc/program";

/** The error with what it is about before its message: `policies.fuzz.yaml#triage: …`. */
export function nameError(error: unknown, what: string): unknown {
  if (!FuzzError.isInstance(error)) {
    return error;
  }
  const { message, code, kind, hint, place } = error;
  return new FuzzError(`${what}: ${message}`, {
    code,
    kind,
    ...(hint !== undefined && { hint }),
    ...(place !== undefined && { place }),
    cause: error,
  });
}
