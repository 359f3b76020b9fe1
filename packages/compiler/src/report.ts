import type { OptimisationLevel } from "./compile-program.ts";
import { type Score, share } from "./score-answers.ts";

/** What a compile did, measured on the user's examples. */
export interface CompileReport {
  level: OptimisationLevel;
  /** By cross-validation: no example was asked while it stood in the prompt. Absent without examples. */
  heldBack?: Score;
  /** The same examples asked with the spec alone (-O0). */
  specOnly?: Score;
  /** Examples in the prompt of the finished program. */
  shown: number;
  /** Strength of the adapter, 1 as trained. */
  scale: number;
  /** False when the examples made nothing better; the summary then says so. */
  learned: boolean;
  /** One sentence for people. */
  summary: string;
}

/** What the finished program says of itself. */
export function summarise(report: Omit<CompileReport, "summary">): string {
  const { level, heldBack, specOnly, shown, scale, learned } = report;
  if (heldBack === undefined || specOnly === undefined) {
    return `-${level}: compiled from the spec alone; nothing was measured, since there are no examples`;
  }
  const count = ({ exact, total }: Score) => `${exact} of ${total}`;
  if (!learned) {
    return `-${level}: learned nothing from the examples: ${count(heldBack)} held-back examples right, ${count(specOnly)} with the spec alone`;
  }
  return `-${level}: ${count(heldBack)} held-back examples right (spec alone: ${count(specOnly)}); ${shown} examples in the prompt, adapter at ${scale}`;
}

/** Whether examples helped: better than the spec alone, and than answering the commonest output. */
export function hasLearned(heldBack: Score, specOnly: Score, majority: number): boolean {
  return share(heldBack) > share(specOnly) && share(heldBack) > majority;
}
