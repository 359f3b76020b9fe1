import type { Context } from "@fuzzc/llama";
import { FuzzError } from "@fuzzc/program";
import { FairQueue } from "./fair-queue.ts";
import type { Job, JobEntry } from "./job.ts";
import { failJobs, type Lane, passTokens, takeEntries } from "./lane.ts";
import type { PassCosts } from "./pass-costs.ts";
import { PrefixCache } from "./prefix-cache.ts";
import type { PrefixStore } from "./prefix-store.ts";
import { Room } from "./room.ts";
import { SequencePool } from "./sequence-pool.ts";

/**
 * Runs jobs on one context. Jobs of one program share each pass through the model; programs take turns, because one
 * adapter applies to a whole pass.
 */
export class Scheduler {
  readonly #context: Context;
  readonly #costs: PassCosts;
  readonly #prefixes: PrefixCache;
  readonly #room: Room;
  readonly #queue = new FairQueue<Lane>();
  /** The program for whose next job room is being made; no other may take any. */
  #hungry: Lane | undefined;
  #loop: Promise<void> | undefined;
  #closed: unknown;

  constructor(context: Context, costs: PassCosts, store: PrefixStore | undefined) {
    this.#context = context;
    this.#costs = costs;
    const pool = new SequencePool(context.sequences);
    this.#prefixes = new PrefixCache(context, pool, store);
    this.#room = new Room(context, pool, this.#prefixes);
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

  /** Waits until a program has no jobs left. */
  async drain(lane: Lane): Promise<void> {
    if (this.#queue.has(lane)) {
      await new Promise<void>((resolve) => {
        lane.idle.push(resolve);
      });
    }
  }

  /** Fails all jobs, now and from now on, and waits until the context is not used any more. */
  async close(error: unknown): Promise<void> {
    this.#closed ??= error;
    this.#failAll(error);
    await this.#loop;
  }

  async #run(): Promise<void> {
    // Jobs that are submitted together are seen together.
    await Promise.resolve();
    try {
      while (this.#queue.size > 0) {
        if (!(await this.#takeTurn())) {
          this.#failAll(
            new FuzzError("No job can go on", { code: "FUZZ_STUCK", kind: "internal" }),
          );
        }
      }
    } catch (error) {
      // The context itself is gone or broken.
      this.#closed ??= error;
      this.#failAll(error);
      this.#queue.order().forEach((lane) => {
        this.#leave(lane);
      });
    }
    this.#loop = undefined;
  }

  /** Lets the first program that can do something do it. */
  async #takeTurn(): Promise<boolean> {
    await this.#room.sweep(this.#queue.order());
    for (const lane of this.#queue.order()) {
      if (lane.waiting.length + lane.running.length === 0) {
        this.#leave(lane);
      }
    }
    const lanes = this.#queue.order();
    await this.#prefixes.trim(new Set(lanes.map(({ prefix }) => prefix.key)));
    for (const lane of lanes) {
      try {
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
    return lanes.length === 0;
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
    const parts = takeEntries(lane);
    return parts.length === 0 ? undefined : this.#decode(parts);
  }

  /**
   * Lets waiting jobs in, as far as there is room.
   * @returns tokens of the prefix that were read instead; undefined when the prefix is there, or has to wait for room.
   */
  async #admit(lane: Lane): Promise<number | undefined> {
    const { prefix, waiting, running } = lane;
    let entries = running.reduce((sum, job) => sum + job.entries.length, 0);
    for (const job of [...waiting]) {
      if (entries >= passTokens) {
        break;
      }
      const { cells, branches } = job.options;
      const source = prefix.tokens.length === 0 ? -1 : this.#prefixes.find(prefix);
      const missing = this.#prefixes.missing(prefix);
      const needed = { cells: cells + missing.cells, sequences: branches + missing.sequences };
      if (!(await this.#room.make(lane, this.#queue.order(), needed))) {
        // A program that has jobs running gets its room back from them.
        if (running.length === 0) {
          this.#hungry = lane;
        }
        return undefined;
      }
      if (source === undefined) {
        return this.#readPrefix(lane);
      }
      this.#hungry = undefined;
      waiting.splice(waiting.indexOf(job), 1);
      running.push(job);
      if (!job.settled) {
        job.admit(await this.#room.take(branches, source));
        entries += job.entries.length;
      }
    }
    return undefined;
  }

  async #readPrefix(lane: Lane): Promise<number> {
    if (lane.prefixReady >= lane.prefixBegun) {
      lane.prefixBegun = performance.now();
    }
    const read = await this.#prefixes.advance(lane.prefix, passTokens);
    if (this.#prefixes.find(lane.prefix) !== undefined) {
      lane.prefixReady = performance.now();
    }
    return read;
  }

  async #decode(parts: readonly [Job, JobEntry[]][]): Promise<number> {
    const entries = parts.flatMap(([, part]) => part);
    let rows: Float32Array[];
    try {
      rows = await this.#read(entries);
    } catch (error) {
      for (const [job] of parts) {
        job.fail(error);
      }
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

  #failAll(error: unknown): void {
    for (const lane of this.#queue.order()) {
      failJobs(lane, error);
    }
  }

  #leave(lane: Lane): void {
    this.#queue.leave(lane);
    if (this.#hungry === lane) {
      this.#hungry = undefined;
    }
    for (const resolve of lane.idle.splice(0)) {
      resolve();
    }
  }
}
