import { type ErrorKind, FuzzError } from "@fuzzc/program";

const exitCodes: Record<ErrorKind, number> = { usage: 2, resource: 3, cancelled: 1, internal: 1 };

/** What the command line says of an error, and its exit code. */
export interface RenderedError {
  message: string;
  hint?: string | undefined;
  exitCode: number;
}

/** `message (CODE)`; an error that is not ours is a fault of fuzzc, and shows where it came from. */
export function renderError(error: unknown): RenderedError {
  if (FuzzError.isInstance(error)) {
    return {
      message: `${error.message} (${error.code})`,
      hint: error.hint,
      exitCode: exitCodes[error.kind],
    };
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return {
    message: `${text} (FUZZ_INTERNAL)`,
    hint: "This is a fault of fuzzc. Please report it with what you did.",
    exitCode: 1,
  };
}
