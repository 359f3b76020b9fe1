import type { Detail } from "fuzzc";
import type { Equals } from "./verdict.ts";

/** Whether an answer is the expected one; null stands for any abstention. */
export function isRight(
  { output, abstained }: Detail<unknown>,
  expected: unknown,
  equals: Equals,
): boolean {
  return (abstained && expected === null) || equals(output, expected);
}
