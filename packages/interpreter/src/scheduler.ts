import type { Adapter, Context } from "@fuzzc/llama";
import { FuzzError } from "@fuzzc/program";
import { FairQueue, type Member } from "./fair-queue.ts";
import type { Job, JobEntry } from "./job.ts";
import type { PassCosts } from "./pass-costs.ts";
import { type Prefix, PrefixCache } from "./prefix-cache.ts";
import type { PrefixStore } from "./prefix-store.ts";
import { SequencePool } from "./sequence-pool.ts";

/**
 * Tokens of one pass: enough for the processor to be busy, few enough that others soon have their turn. And fewer than
 * the 64 from which on the engine computes attention in another way: below, a token's result is the same to the last bit
 * whatever else is in its pass.
 */
const stepTokens = 60;

/** A program as the scheduler sees it. */
export interface Lane extends Member {
  readonly adapter: Adapter | null;
  readonly scale: number;
  readonly prefix: Prefix;
  readonly waiting: Job[];
  readonly running: Job[];
  /** When work on its prefix began and ended last; 0 before. */
  prefixBegun: number;
  prefixReady: number;
}

/**
 * Runs jobs on one context. Jobs of one program share each pass through the model; programs take turns, because one
 * adapter applies to a whole pass.
 */
export class Scheduler {
  readonly #context: Context;
  readonly #costs: PassCosts;
  readonly #pool: SequencePool;
  readonly #prefixes: PrefixCache;
  readonly #queue = new FairQueue<Lane>();
  /** The program for whose next job room is being made; no other may take any. */
  #hungry: Lane | undefined;
  #loop: Promise<void> | undefined;
  #closed: FuzzError | undefined;

  constructor(context: Context, costs: PassCosts, store: PrefixStore | undefined) {
    this.#context = context;
    this.#costs = costs;
    this.#pool = new SequencePool(context.sequences);
    this.#prefixes = new PrefixCache(context, this.#pool, store);
  }

  /** Adds a job to a program's queue. It must fit an otherwise empty context. */
  submit(lane: Lane, job: Job): void {
    if (this.#closed !== undefined) {
      job.fail(this.#closed);
      return;
    }
    lane.waiting.push(job);
    this.#queue.join(lane);
    this.#loop ??= this.#run();
  }

  /** Fails all jobs and waits until the context is not used any more. */
  async close(error: FuzzError): Promise<void> {
    this.#closed = error;
    this.#failAll(error);
    await this.#loop;
  }

  async #run(): Promise<void> {
    // So that all jobs that are submitted together are seen together.
    await Promise.resolve();
    while (this.#queue.size > 0) {
      if (!(await this.#takeTurn())) {
        this.#failAll(new FuzzError("No job can go on", { code: "FUZZ_STUCK", kind: "internal" }));
      }
    }
    this.#loop = undefined;
  }

  /** Lets the first program that can do something do it. */
  async #takeTurn(): Promise<boolean> {
    for (const lane of this.#queue.order()) {
      await this.#removeSettled(lane);
    }
    for (const lane of this.#queue.order()) {
      try {
        if (lane.waiting.length + lane.running.length === 0) {
          await this.#leave(lane);
          return true;
        }
        const cost = await this.#step(lane);
        if (cost !== undefined) {
          this.#queue.charge(lane, cost);
          return true;
        }
      } catch (error) {
        failJobs(lane, error);
        return true;
      }
    }
    return false;
  }

  #failAll(error: FuzzError): void {
    for (const lane of this.#queue.order()) {
      failJobs(lane, error);
    }
  }

  /** One pass for a program; the tokens it read, or undefined when it has to wait for others. */
  async #step(lane: Lane): Promise<number | undefined> {
    await this.#context.setAdapter(lane.adapter, lane.scale);
    if (lane.waiting.length > 0 && (this.#hungry ?? lane) === lane) {
      const cost = await this.#admit(lane);
      if (cost !== undefined) {
        return cost;
      }
    }
    const entries = takeEntries(lane.running);
    return entries.length === 0 ? undefined : this.#decode(lane, entries);
  }

  /**
   * Lets waiting jobs in, as far as there is room.
   * @returns tokens of the prefix that were read instead; undefined when the prefix is there, or has to wait for room.
   */
  async #admit(lane: Lane): Promise<number | undefined> {
    const { prefix } = lane;
    let entries = lane.running.reduce((sum, job) => sum + job.entries.length, 0);
    while (lane.waiting.length > 0 && entries < stepTokens) {
      const job = lane.waiting[0] as Job;
      const source = prefix.tokens.length === 0 ? -1 : this.#prefixes.find(prefix);
      const { cells, branches } = job.options;
      const hasRoom = await this.#makeRoom(
        lane,
        cells + (source === undefined ? this.#prefixes.missing(prefix) : 0),
        branches + (source === undefined ? 1 : 0),
      );
      if (!hasRoom) {
        // A program that has jobs running gets its room back from them.
        if (lane.running.length === 0) {
          this.#hungry = lane;
        }
        return undefined;
      }
      if (source === undefined) {
        return this.#readPrefix(lane);
      }
      lane.waiting.shift();
      this.#hungry = undefined;
      if (job.settled) {
        continue;
      }
      const sequences = this.#pool.take(branches) as number[];
      for (const sequence of sequences) {
        if (source !== -1) {
          await this.#context.copySequence(source, sequence);
        }
      }
      lane.running.push(job);
      job.admit(sequences);
      entries += job.entries.length;
    }
    return undefined;
  }

  async #readPrefix(lane: Lane): Promise<number> {
    if (lane.prefixReady >= lane.prefixBegun) {
      lane.prefixBegun = performance.now();
    }
    const read = await this.#prefixes.advance(lane.prefix, stepTokens);
    if (this.#prefixes.find(lane.prefix) !== undefined) {
      lane.prefixReady = performance.now();
    }
    return read ?? 0;
  }

  /** Whether there are so many cells and sequences that no job has claimed; drops prefixes to get them. */
  async #makeRoom(lane: Lane, cells: number, sequences: number): Promise<boolean> {
    const lanes = this.#queue.order();
    const wanted = new Set(lanes.map(({ prefix }) => prefix.key));
    const running = lanes.flatMap((one) => one.running);
    const claimed = running.reduce((sum, { options, used }) => sum + options.cells - used, 0);
    for (;;) {
      if (this.#context.freeCells - claimed >= cells && this.#pool.free >= sequences) {
        return true;
      }
      // Prefixes of programs that wait are dropped only where nothing else would give room: they'd have to be read again.
      const spared = running.length === 0 ? new Set([lane.prefix.key]) : wanted;
      if (!((await this.#prefixes.evict(wanted)) || (await this.#prefixes.evict(spared)))) {
        return false;
      }
    }
  }

  async #decode(lane: Lane, parts: readonly [Job, JobEntry[]][]): Promise<number> {
    const entries = parts.flatMap(([, part]) => part);
    let rows: Float32Array[];
    try {
      rows = await this.#read(entries);
    } catch (error) {
      for (const [job] of parts) {
        job.fail(error);
      }
      await this.#removeSettled(lane);
      return entries.length;
    }
    let row = 0;
    for (const [job, part] of parts) {
      for (const entry of part) {
        if (entry.output) {
          entry.read?.(rows[row++] as Float32Array);
        }
      }
      const drop = job.settled ? undefined : job.noteRead(part.length);
      if (drop !== undefined) {
        for (const sequence of job.sequences) {
          await this.#context.removeSequence(sequence, drop);
        }
      }
    }
    await this.#removeSettled(lane);
    return entries.length;
  }

  async #read(entries: readonly JobEntry[]): Promise<Float32Array[]> {
    if (entries.length >= this.#costs.minBatch) {
      return this.#context.decode(entries);
    }
    const rows: Float32Array[] = [];
    for (const entry of entries) {
      rows.push(...(await this.#context.decode([entry])));
    }
    return rows;
  }

  /** Frees what finished, failed and cancelled jobs held. */
  async #removeSettled(lane: Lane): Promise<void> {
    for (const list of [lane.waiting, lane.running]) {
      for (let index = list.length - 1; index >= 0; index--) {
        const job = list[index] as Job;
        if (job.settled) {
          list.splice(index, 1);
          for (const sequence of job.sequences) {
            await this.#context.removeSequence(sequence);
          }
          this.#pool.give(job.sequences);
        }
      }
    }
  }

  async #leave(lane: Lane): Promise<void> {
    this.#queue.leave(lane);
    await this.#prefixes.trim(new Set(this.#queue.order().map(({ prefix }) => prefix.key)));
    if (this.#hungry === lane) {
      this.#hungry = undefined;
    }
  }
}

function failJobs({ waiting, running }: Lane, error: unknown): void {
  for (const job of [...waiting, ...running]) {
    job.fail(error);
  }
}

/** What running jobs want to have read, up to the tokens of one pass; those that write come before those that begin. */
function takeEntries(running: readonly Job[]): [Job, JobEntry[]][] {
  const parts: [Job, JobEntry[]][] = [];
  let left = stepTokens;
  const writing = running.filter(({ times }) => times.inputRead > 0);
  const reading = running.filter(({ times }) => times.inputRead === 0);
  for (const job of [...writing, ...reading]) {
    const part = job.entries.slice(0, left);
    if (part.length > 0) {
      parts.push([job, part]);
      left -= part.length;
    }
  }
  return parts;
}
