import type { JsonValue, Program } from "@fuzzc/program";

/** What a program answers to one input. */
export interface Answer {
  /** The label, the text or the JSON value; where the program abstains, its `otherwise` value or null. */
  output: JsonValue;
  /** What the model wrote: the label, the text, or compact JSON; also where the program abstains. */
  text: string;
  /**
   * Between 0 and 1. Of a label: its share among all labels. Of text and JSON: the geometric mean of the probabilities
   * that the model itself gave to the tokens it wrote, so that long answers are not worse than short ones.
   */
  probability: number;
  /** A probability for each label; they sum to 1. Only of label functions. */
  labels?: Record<string, number>;
  /**
   * How like what the program is for the input is: 1 as its inputs usually are, 0 as any text. Only of programs that may
   * abstain.
   */
  inSpec?: number;
  /** Whether the probability, or the likeness to what the program is for, is below the program's threshold. */
  abstained: boolean;
  /** Whether the output was cut: at its limit, with `whenTooLong: "cut"`, or where it was not what was `expected`. */
  truncated: boolean;
  timings: Timings;
  tokens: TokenCounts;
}

/** Milliseconds. */
export interface Timings {
  /** Waiting for room, without the prefix. */
  queueMs: number;
  /** Waiting for the prefix to be read or loaded; 0 once it is in memory. */
  prefixMs: number;
  /** From admission until the input is read. For labels that includes reading the labels. */
  inputMs: number;
  /** Writing the output. */
  outputMs: number;
  totalMs: number;
}

export interface TokenCounts {
  prefix: number;
  /** Of the input, without the few that end its turn. */
  input: number;
  /** That the model wrote; of labels, those that were scored. */
  output: number;
}

export interface RunOptions {
  signal?: AbortSignal | undefined;
  /** Ends the call with FUZZ_TIMEOUT after so many milliseconds, counted from the call. */
  timeoutMs?: number | undefined;
  /** Most tokens of a text or JSON output. Default: 256 and twice the tokens of the input, or what room there is. */
  maxOutputTokens?: number | undefined;
  /**
   * What happens to an output that reaches its limit: an error (default), or it is cut and marked `truncated`; cut JSON
   * is closed in the shortest way that its schema allows.
   */
  whenTooLong?: "error" | "cut" | undefined;
  /**
   * The output that the answer is to be compared with, as the model would write it. A text or JSON answer that equals it
   * takes one pass; one that does not is cut where it differs, and marked `truncated`.
   */
  expected?: string | undefined;
}

export interface MapOptions extends RunOptions {
  /** How many inputs may be read ahead of the answer that is waited for. Default 32. */
  lookAhead?: number | undefined;
}

/** A program that is ready to run, whichever model runs it. */
export interface LoadedProgram extends AsyncDisposable {
  readonly program: Program;
  /**
   * Answers one input.
   * @throws FuzzError FUZZ_INPUT_TOO_LONG, FUZZ_OUTPUT_TOO_LONG, FUZZ_CANCELLED, FUZZ_TIMEOUT, FUZZ_DISPOSED
   */
  run(input: string, options?: RunOptions): Promise<Answer>;
  /** Answers many inputs as one running batch, in their order. The first error ends it. */
  map(
    inputs: Iterable<string> | AsyncIterable<string>,
    options?: MapOptions,
  ): AsyncGenerator<Answer, void, void>;
  /** As `map`, but an input that can't be answered gives its error in its place, and the others go on. */
  mapSettled(
    inputs: Iterable<string> | AsyncIterable<string>,
    options?: MapOptions,
  ): AsyncGenerator<PromiseSettledResult<Answer>, void, void>;
  /** Ends the calls under way and frees what the program holds. */
  dispose(): Promise<void>;
}
