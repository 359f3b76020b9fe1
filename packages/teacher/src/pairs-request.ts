import type { Example, OutputType } from "@fuzzc/program";

/** The function that pairs are written for. */
export interface PairsRequest {
  spec: string;
  output: OutputType;
  /** Names of its inputs; undefined for a function of plain text. */
  inputs?: readonly string[] | undefined;
  /** The user's own, which the teacher is shown. */
  examples: readonly Example[];
}

// What fits both interpreters in any language, dense with punctuation or not.
const usualCharacters = 800;

/** How long a pair's input and output may be: as usual, or as the longest of the user's own, which are known to fit. */
export function limitCharacters({ examples }: PairsRequest): { input: number; output: number } {
  const longest = (texts: string[]) =>
    Math.max(usualCharacters, ...texts.map(({ length }) => length));
  return {
    input: longest(examples.map(({ input }) => input)),
    output: longest(examples.map(({ output }) => output)),
  };
}
