import type { Example, FuzzyInput, JsonValue } from "@fuzzc/program";

/** An input and its output, as a teacher wrote them. */
export interface Pair {
  /** Text, or a text for each named input. */
  input: FuzzyInput;
  /** A label, a text or a JSON value. */
  output: JsonValue;
  /** The same as the compiler takes it. */
  example: Example;
}
