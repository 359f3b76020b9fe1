import { type ErrorKind, FuzzError } from "@fuzzc/program";

/** A failure that the same request may not meet again. */
export class PassingFailure extends Error {
  constructor(
    /** What is thrown when patience ends. */
    readonly error: FuzzError,
    /** How long the server asked to be left alone. */
    readonly pauseMs?: number,
  ) {
    super(error.message, { cause: error });
  }
}

/** The server refused the request; perhaps only because of the structure that was asked for. */
export class RequestRefused extends Error {
  constructor(readonly error: FuzzError) {
    super(error.message, { cause: error });
  }
}

/** An error of a teacher's, FUZZ_TEACHER_…; its trouble lies outside unless `kind` says otherwise. */
export function teacherError(
  code: string,
  message: string,
  hint?: string,
  { cause, kind = "resource" }: { cause?: unknown; kind?: ErrorKind } = {},
): FuzzError {
  return new FuzzError(message, {
    code: `FUZZ_TEACHER_${code}`,
    kind,
    ...(hint !== undefined && { hint }),
    cause,
  });
}
