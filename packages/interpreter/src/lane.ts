import type { Adapter } from "@fuzzc/llama";
import type { Member } from "./fair-queue.ts";
import type { Job, JobEntry } from "./job.ts";
import type { Prefix } from "./prefix-cache.ts";

/**
 * Tokens of one pass: enough for the processor to be busy, few enough that others soon have their turn. And fewer than
 * the 64 from which on the engine computes attention in another way: below, a token's result is the same to the last bit
 * whatever else is in its pass.
 */
export const passTokens = 60;

/** A program as the scheduler sees it, with its jobs. */
export interface Lane extends Member {
  readonly adapter: Adapter | null;
  readonly scale: number;
  readonly prefix: Prefix;
  readonly waiting: Job[];
  readonly running: Job[];
  /** When work on its prefix began and ended last; 0 before. */
  prefixBegun: number;
  prefixReady: number;
  /** Called when the last job is gone. */
  idle: (() => void)[];
}

export function makeLane(adapter: Adapter | null, scale: number, prefix: Prefix): Lane {
  return {
    adapter,
    scale,
    prefix,
    waiting: [],
    running: [],
    served: 0,
    prefixBegun: 0,
    prefixReady: 0,
    idle: [],
  };
}

export function failJobs({ waiting, running }: Lane, error: unknown): void {
  for (const job of [...waiting, ...running]) {
    job.fail(error);
  }
}

/** What the running jobs of a program want to have read in one pass; those that write come before those that begin. */
export function takeEntries({ running }: Lane): [Job, JobEntry[]][] {
  const parts: [Job, JobEntry[]][] = [];
  let left = passTokens;
  const live = running.filter(({ settled }) => !settled);
  const writing = live.filter(({ times }) => times.inputRead > 0);
  const reading = live.filter(({ times }) => times.inputRead === 0);
  for (const job of [...writing, ...reading]) {
    const part = job.entries.slice(0, left);
    if (part.length > 0) {
      parts.push([job, part]);
      left -= part.length;
    }
  }
  return parts;
}
