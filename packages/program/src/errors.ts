const marker = Symbol.for("fuzzc.error");

/** What kind of trouble it is; the command line turns it into an exit code. */
export type ErrorKind =
  /** The caller asked for something wrong: bad option, file, spec or value. Exit code 2. */
  | "usage"
  /** Something needed is missing or unreachable: model, engine, network, memory. Exit code 3. */
  | "resource"
  /** The work was cancelled or timed out. Exit code 1. */
  | "cancelled"
  /** A fault of fuzzc itself. Exit code 1. */
  | "internal";

/** A place in a source file that a user wrote; lines and columns count from 1. */
export interface SourcePlace {
  path: string;
  line: number;
  column: number;
}

export interface FuzzErrorOptions {
  /** Stable identifier, `FUZZ_…`. */
  code: string;
  kind?: ErrorKind;
  /** What the reader can do about it. */
  hint?: string;
  /** Where it is; the message says so as well. */
  place?: SourcePlace;
  cause?: unknown;
}

/**
 * The one error type that leaves any fuzzc room.
 * `FuzzError.isInstance` also holds across two installed copies of the package.
 */
export class FuzzError extends Error {
  override readonly name = "FuzzError";
  readonly code: string;
  readonly kind: ErrorKind;
  readonly hint: string | undefined;
  readonly place: SourcePlace | undefined;
  readonly [marker] = true;

  constructor(message: string, options: FuzzErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = options.code;
    this.kind = options.kind ?? "usage";
    this.hint = options.hint;
    this.place = options.place;
  }

  static isInstance(value: unknown): value is FuzzError {
    return typeof value === "object" && value !== null && marker in value;
  }
}
