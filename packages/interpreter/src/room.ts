import type { Context } from "@fuzzc/llama";
import type { Lane } from "./lane.ts";
import type { PrefixCache } from "./prefix-cache.ts";
import type { SequencePool } from "./sequence-pool.ts";

/** Cells of ended jobs that are left as they are; more would make each pass noticeably slower. */
const maxLeftCells = 1536;
/** Passes that jobs wait for the running ones to end, before the cells of ended jobs are freed under them. */
const maxPatience = 40;

/**
 * The memory of a context, which jobs and prefixes share: its cells and its sequences.
 *
 * The engine adds up what a token attends to in the order of the cells, and fills the lowest free cell first. Were the
 * cells of ended jobs freed at once, the next tokens of running jobs would land before their earlier ones, and their
 * answers would depend on who else was there. So those cells are freed together, when no job is running.
 */
export class Room {
  readonly #context: Context;
  readonly #pool: SequencePool;
  readonly #prefixes: PrefixCache;
  /** Sequences of ended jobs that still hold their cells. */
  readonly #left: number[] = [];
  #leftCells = 0;
  #patience = maxPatience;

  constructor(context: Context, pool: SequencePool, prefixes: PrefixCache) {
    this.#context = context;
    this.#pool = pool;
    this.#prefixes = prefixes;
  }

  /**
   * Whether there are so many cells and sequences that no job has claimed; drops prefixes to get them. Asked once a pass
   * and answered with no, it will say yes when enough running jobs have ended.
   * @param lanes all that have jobs.
   */
  async make(
    lane: Lane,
    lanes: readonly Lane[],
    { cells, sequences }: { cells: number; sequences: number },
  ): Promise<boolean> {
    const wanted = new Set(lanes.map(({ prefix }) => prefix.key));
    const running = lanes.flatMap((one) => one.running);
    const claimed = running.reduce((sum, { options, used }) => sum + options.cells - used, 0);
    // Prefixes of programs that wait are dropped only where nothing else gives room: they have to be read again.
    const spared = running.length === 0 ? new Set([lane.prefix.key]) : wanted;
    for (;;) {
      const fits = this.#context.freeCells - claimed >= cells && this.#pool.free >= sequences;
      if (fits && this.#leftCells <= maxLeftCells) {
        return true;
      }
      if (this.#left.length > 0) {
        if (running.length > 0 && this.#patience-- > 0) {
          return false;
        }
        await this.#freeLeft();
        continue;
      }
      if (!((await this.#prefixes.evict(wanted)) || (await this.#prefixes.evict(spared)))) {
        return false;
      }
    }
  }

  /** Sequences that hold what `source` holds; -1 for nothing. There must be room for them. */
  async take(count: number, source: number): Promise<number[]> {
    const sequences = this.#pool.take(count) as number[];
    if (source !== -1) {
      for (const sequence of sequences) {
        await this.#context.copySequence(source, sequence);
      }
    }
    return sequences;
  }

  /** Takes finished, failed and cancelled jobs off the lanes. */
  async sweep(lanes: readonly Lane[]): Promise<void> {
    for (const { waiting, running } of lanes) {
      for (const list of [waiting, running]) {
        for (const job of list.filter(({ settled }) => settled)) {
          list.splice(list.indexOf(job), 1);
          this.#left.push(...job.sequences);
          this.#leftCells += job.used;
        }
      }
    }
    if (lanes.every(({ running }) => running.length === 0)) {
      await this.#freeLeft();
    }
  }

  async #freeLeft(): Promise<void> {
    for (const sequence of this.#left) {
      await this.#context.removeSequence(sequence);
    }
    this.#pool.give(this.#left.splice(0));
    this.#leftCells = 0;
    this.#patience = maxPatience;
  }
}
