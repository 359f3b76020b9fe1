import { Adam } from "./adam.ts";
import type { Score } from "./trainee.ts";

/** All that changes while a training runs. */
export interface TrainingState {
  /** The parameters now. */
  values: Float32Array;
  /** Its count of updates is that of the training. */
  adam: Adam;
  /** The parameters that were the best, and after which update. */
  best: Float32Array;
  bestStep: number;
  /** Held-back scores at the start, at the latest evaluation, and of the best. */
  before: Score | null;
  heldBack: Score | null;
  after: Score | null;
  /** After which update the latest evaluation was. */
  judgedStep: number;
  /** Evaluations since the best. */
  stale: number;
  /** One for each update. */
  losses: number[];
}

export function newState(values: Float32Array): TrainingState {
  return {
    values: values.slice(),
    adam: new Adam(values.length),
    best: values.slice(),
    bestStep: 0,
    before: null,
    heldBack: null,
    after: null,
    judgedStep: 0,
    stale: 0,
    losses: [],
  };
}
