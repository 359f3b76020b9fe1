import type { OptimisationLevel } from "./compile-program.ts";
import { type Score, share } from "./score-answers.ts";

/** What runs a program: the base model, or for labels the sentence encoder. */
export type InterpreterKind = "language" | "encoder";

/** What a compile did, measured on the user's examples. */
export interface CompileReport {
  level: OptimisationLevel;
  /** What the program was made for. */
  interpreter?: InterpreterKind;
  /** Of a label function: the held-back examples that the other interpreter answered right, when both were tried. */
  other?: Score;
  /** By cross-validation: no example was asked while it stood in the prompt. Absent without examples. */
  heldBack?: Score;
  /** The same examples asked with the spec alone (-O0). */
  specOnly?: Score;
  /** Examples in the prompt of the finished program. */
  shown: number;
  /** Strength of the adapter, 1 as trained. */
  scale: number;
  /** What -O2 came to; then `heldBack` and `specOnly` are of the examples that it held back. */
  training?: TrainingReport;
  /** False when the examples made nothing better; the summary then says so. */
  learned: boolean;
  /** One sentence for people. */
  summary: string;
}

/** Training against -O1 on the same held-back examples. */
export interface TrainingReport {
  trained: Score;
  /** What -O1 does with them. */
  prompted: Score;
  /**
   * Mean loss of the held-back answers in nats a token, with -O1's at full strength of its adapter. The smaller one wins
   * where both answer as many.
   */
  losses: { trained: number; prompted: number };
  /** The one that the program was made with: training only if it is the better one. */
  winner: "training" | "prompt";
  /** Updates of the adapter. */
  steps: number;
  cpuSeconds: number;
  /** Whether somebody ended the training before it was done. */
  stopped: boolean;
}

/** What the finished program says of itself. */
export function summarise(report: Omit<CompileReport, "summary">): string {
  const { level, heldBack, specOnly, shown, scale, learned } = report;
  if (heldBack === undefined || specOnly === undefined) {
    return `-${level}: compiled from the spec alone; nothing was measured, since there are no examples`;
  }
  const count = ({ exact, total }: Score) => `${exact} of ${total}`;
  if (report.training?.winner === "training") {
    const { trained, prompted, steps, cpuSeconds, stopped } = report.training;
    const early = stopped ? ", stopped early" : "";
    const tie = trained.exact === prompted.exact ? ", less sure of them" : "";
    return `-${level}: ${count(trained)} held-back examples right after ${steps} updates in ${Math.round(cpuSeconds)} CPU seconds${early} (-O1: ${count(prompted)}${tie}, spec alone: ${count(specOnly)})`;
  }
  if (report.training !== undefined) {
    const { trained, prompted, stopped } = report.training;
    const what = stopped ? "the training, stopped early, did not pay" : "training did not pay";
    return `-${level}: ${what}: ${count(trained)} held-back examples right, ${count(prompted)} with -O1, which was kept (spec alone: ${count(specOnly)})`;
  }
  if (report.interpreter === "encoder") {
    return `-${level}, by the encoder: ${count(heldBack)} held-back examples right (spec alone: ${count(specOnly)})${learned ? "" : "; it learned nothing from the examples"}`;
  }
  if (!learned) {
    return `-${level}: learned nothing from the examples: ${count(heldBack)} held-back examples right, ${count(specOnly)} with the spec alone`;
  }
  const untrained =
    level === "O2" && heldBack.exact === heldBack.total ? "; no training needed" : "";
  return `-${level}: ${count(heldBack)} held-back examples right (spec alone: ${count(specOnly)}); ${shown} examples in the prompt, ${scale === 0 ? "no adapter" : "the spec's adapter"}${untrained}`;
}

/** Whether examples helped: better than the spec alone, and than answering the commonest output. */
export function hasLearned(heldBack: Score, specOnly: Score, majority: number): boolean {
  return share(heldBack) > share(specOnly) && share(heldBack) > majority;
}
