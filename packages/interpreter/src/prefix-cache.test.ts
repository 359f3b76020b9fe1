import { type Context, loadEngine, type Model, testModelPath } from "@fuzzc/llama";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { makePrefix, type Prefix, PrefixCache } from "./prefix-cache.ts";
import { SequencePool } from "./sequence-pool.ts";

describe("PrefixCache", () => {
  let model: Model;
  let context: Context;
  let pool: SequencePool;
  let cache: PrefixCache;

  beforeAll(async () => {
    model = await loadEngine().openModel(testModelPath());
    context = await model.openContext({ contextSize: 512, sequences: 4 });
  });
  beforeEach(async () => {
    await context.clear();
    pool = new SequencePool(context.sequences);
    cache = new PrefixCache(context, pool, undefined);
  });
  afterAll(() => model.dispose());

  const prefixOf = (text: string, origin = "one") =>
    makePrefix(origin, model.tokenize(text, { special: false }), false);

  /** Reads a prefix to its end; how many tokens that took. */
  async function read(prefix: Prefix, budget = 4): Promise<number> {
    let tokens = 0;
    while (cache.find(prefix) === undefined) {
      tokens += await cache.advance(prefix, budget);
    }
    return tokens;
  }

  it("reads a prefix once, in parts", async () => {
    const prefix = prefixOf("one two three four five six");
    expect(cache.missing(prefix)).toEqual({ cells: prefix.tokens.length, sequences: 1 });
    expect(await cache.advance(prefix, 4)).toBe(4);
    expect(cache.find(prefix)).toBeUndefined();
    expect(cache.missing(prefix)).toEqual({ cells: prefix.tokens.length - 4, sequences: 0 });
    expect(await read(prefix)).toBe(prefix.tokens.length - 4);
    expect(await read(prefix)).toBe(0);
    expect(context.sequenceLength(cache.find(prefix) as number)).toBe(prefix.tokens.length);
  });

  it("reads only the rest of a prefix that begins like another of the same origin", async () => {
    const first = prefixOf("one two three four five six");
    const second = prefixOf("one two three four nine");
    const foreign = prefixOf("one two three four nine", "other");
    await read(first);
    const common = first.tokens.findIndex((token, index) => second.tokens[index] !== token);
    expect(common).toBeGreaterThan(2);
    expect(await read(second)).toBe(second.tokens.length - common);
    expect(context.freeCells).toBe(
      context.contextSize - first.tokens.length - (second.tokens.length - common),
    );
    expect(await read(foreign)).toBe(foreign.tokens.length);
  });

  it("takes the start of a longer prefix as it is", async () => {
    await read(prefixOf("one two three four"));
    expect(await read(prefixOf("one two three"))).toBe(0);
  });

  it("drops the one that was used longest ago, but none that is spared", async () => {
    const [first, second, third] = ["a b c", "d e f", "g h i"].map((text) => prefixOf(text)) as [
      Prefix,
      Prefix,
      Prefix,
    ];
    await read(first);
    await read(second);
    await read(third);
    cache.find(first);
    expect(await cache.evict(new Set([third.key]))).toBe(true);
    expect(cache.find(second)).toBeUndefined();
    expect(cache.find(first)).toBeDefined();
    expect(pool.free).toBe(2);
    expect(await cache.evict(new Set([first.key, third.key]))).toBe(false);
    expect(await cache.evict(new Set())).toBe(true);
    expect(await cache.evict(new Set())).toBe(true);
    expect(await cache.evict(new Set())).toBe(false);
    expect(context.freeCells).toBe(context.contextSize);
    expect(pool.free).toBe(context.sequences);
  });
});
