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
