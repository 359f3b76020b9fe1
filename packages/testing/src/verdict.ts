/** What came of a check, for test frameworks to tell. */
export interface Verdict {
  pass: boolean;
  /** What was expected, and what was given instead. */
  message: string;
  /** Both values, where a difference between them says more. */
  expected?: unknown;
  actual?: unknown;
}

/** Whether two values are the same to a test framework. */
export type Equals = (actual: unknown, expected: unknown) => boolean;
