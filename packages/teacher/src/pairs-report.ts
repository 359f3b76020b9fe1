import type { TokenUse } from "./teacher.ts";

/** What became of all that the teacher wrote. */
export interface PairsReport {
  /** Kept. */
  pairs: number;
  /** Not of the declared form. */
  rejected: number;
  duplicates: number;
  /** The second pass gave another output, or none. */
  disagreed: number;
  /** Answers that could not be read at all. */
  unusable: number;
  /** Questions that an earlier run had asked. */
  reused: number;
  /** Sent now, repeated ones included. */
  requests: number;
  /** Of this run, as the teacher counts them. */
  tokens: TokenUse;
}

export interface PairsProgress extends PairsReport {
  wanted: number;
  /** Unknown until something was kept. */
  secondsLeft: number | undefined;
}
