import type { Context } from "@fuzzc/llama";
import { hashPrefix } from "./prefix.ts";
import type { PrefixStore } from "./prefix-store.ts";
import type { SequencePool } from "./sequence-pool.ts";

/** Prefixes that stay in memory without being wanted: each one lengthens every later pass a little. */
const maxIdle = 8;

/** A prompt's prefix, which may be in memory, begun, or not there at all. */
export interface Prefix {
  readonly key: string;
  /** From `nameOrigin`; only prefixes of one origin can share their beginnings. */
  readonly origin: string;
  readonly tokens: Int32Array;
  /** Whether it is worth a file. */
  readonly keep: boolean;
}

interface Entry {
  prefix: Prefix;
  sequence: number;
  /** How many of its tokens the sequence holds. */
  length: number;
}

export function makePrefix(origin: string, tokens: Int32Array, keep: boolean): Prefix {
  return { key: hashPrefix(origin, tokens), origin, tokens, keep };
}

/** Prefixes that were read once, kept as sequences of the context; the longest unused go first. */
export class PrefixCache {
  readonly #context: Context;
  readonly #pool: SequencePool;
  readonly #store: PrefixStore | undefined;
  /** In the order of use, the last one used last. */
  readonly #entries = new Map<string, Entry>();

  constructor(context: Context, pool: SequencePool, store: PrefixStore | undefined) {
    this.#context = context;
    this.#pool = pool;
    this.#store = store;
  }

  /** The sequence that holds the whole prefix, if there is one. */
  find({ key, tokens }: Prefix): number | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined || entry.length < tokens.length) {
      return undefined;
    }
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.sequence;
  }

  /** What having the whole prefix still takes, at most. */
  missing({ key, tokens }: Prefix): { cells: number; sequences: number } {
    const entry = this.#entries.get(key);
    return { cells: tokens.length - (entry?.length ?? 0), sequences: entry === undefined ? 1 : 0 };
  }

  /**
   * Brings a prefix nearer to being in memory: loads it from disk, or reads up to `budget` of its tokens. The context must
   * have the prefix's adapter set, room for it, and a free sequence.
   * @returns how many tokens were read.
   */
  async advance(prefix: Prefix, budget: number): Promise<number> {
    const entry = this.#entries.get(prefix.key) ?? (await this.#begin(prefix));
    const { sequence, length } = entry;
    const part = prefix.tokens.subarray(length, length + budget);
    if (part.length === 0) {
      return 0;
    }
    await this.#context.decode(
      Array.from(part, (token, index) => ({
        token,
        position: length + index,
        sequences: [sequence],
        output: false,
      })),
    );
    entry.length += part.length;
    if (entry.length === prefix.tokens.length && prefix.keep && this.#store !== undefined) {
      const payload = await this.#context.saveSequence(sequence);
      this.#store.write(prefix.key, entry.length, payload);
    }
    return part.length;
  }

  /** Drops the prefix that has not been used for the longest time, but none of `spared`. Tells whether there was one. */
  async evict(spared: ReadonlySet<string>): Promise<boolean> {
    for (const [key, { sequence }] of this.#entries) {
      if (!spared.has(key)) {
        this.#entries.delete(key);
        await this.#context.removeSequence(sequence);
        this.#pool.give([sequence]);
        return true;
      }
    }
    return false;
  }

  /** Drops the longest unused of more idle prefixes than are kept. */
  async trim(wanted: ReadonlySet<string>): Promise<void> {
    let idle = [...this.#entries.keys()].filter((key) => !wanted.has(key)).length;
    while (idle > maxIdle && (await this.evict(wanted))) {
      idle--;
    }
  }

  async #begin(prefix: Prefix): Promise<Entry> {
    const [sequence] = this.#pool.take(1) as [number];
    const entry = { prefix, sequence, length: 0 };
    this.#entries.set(prefix.key, entry);
    entry.length = (await this.#load(prefix, sequence)) || (await this.#share(prefix, sequence));
    return entry;
  }

  /** Loads a saved prefix; 0 when there is none that fits. */
  async #load({ key, tokens }: Prefix, sequence: number): Promise<number> {
    const saved = await this.#store?.read(key);
    if (saved === undefined) {
      return 0;
    }
    try {
      if ((await this.#context.loadSequence(sequence, saved.payload)) === tokens.length) {
        return tokens.length;
      }
    } catch {
      // A state that the engine refuses is made again.
    }
    await this.#context.removeSequence(sequence);
    await this.#store?.remove(key);
    return 0;
  }

  /** Copies what the prefix has in common with another one of the same origin. */
  async #share(prefix: Prefix, sequence: number): Promise<number> {
    let best: Entry | undefined;
    let bestLength = 0;
    for (const entry of this.#entries.values()) {
      if (entry.prefix.origin === prefix.origin && entry.prefix.key !== prefix.key) {
        const length = commonLength(entry.prefix.tokens, prefix.tokens, entry.length);
        if (length > bestLength) {
          best = entry;
          bestLength = length;
        }
      }
    }
    if (best !== undefined) {
      await this.#context.copySequence(best.sequence, sequence);
      await this.#context.removeSequence(sequence, bestLength);
    }
    return bestLength;
  }
}

function commonLength(a: Int32Array, b: Int32Array, limit: number): number {
  const end = Math.min(a.length, b.length, limit);
  let length = 0;
  while (length < end && a[length] === b[length]) {
    length++;
  }
  return length;
}
