import type { Context } from "@fuzzc/llama";
import type { Job } from "./job.ts";
import type { Lane } from "./lane.ts";
import type { PrefixCache } from "./prefix-cache.ts";
import type { SequencePool } from "./sequence-pool.ts";

/** The memory of a context, which jobs and prefixes share: its cells and its sequences. */
export class Room {
  readonly #context: Context;
  readonly #pool: SequencePool;
  readonly #prefixes: PrefixCache;

  constructor(context: Context, pool: SequencePool, prefixes: PrefixCache) {
    this.#context = context;
    this.#pool = pool;
    this.#prefixes = prefixes;
  }

  /**
   * Whether there are so many cells and sequences that no job has claimed; drops prefixes to get them.
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
      if (this.#context.freeCells - claimed >= cells && this.#pool.free >= sequences) {
        return true;
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

  /** Takes finished, failed and cancelled jobs off a lane, and what they held. */
  async sweep(lane: Lane): Promise<void> {
    for (const list of [lane.waiting, lane.running]) {
      for (const job of list.filter(({ settled }) => settled)) {
        list.splice(list.indexOf(job), 1);
        await this.#release(job);
      }
    }
  }

  async #release({ sequences }: Job): Promise<void> {
    for (const sequence of sequences) {
      await this.#context.removeSequence(sequence);
    }
    this.#pool.give(sequences);
  }
}
