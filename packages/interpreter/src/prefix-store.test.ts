import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PrefixStore } from "./prefix-store.ts";

const keyOf = (digit: string) => digit.repeat(64);
const payloadOf = (size: number) => Uint8Array.from({ length: size }, (_, index) => index);

describe("PrefixStore", () => {
  let folder = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "fuzzc-prefix-store-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("gives back what it was given, also to the next process", async () => {
    const store = new PrefixStore(join(folder, "new"));
    expect(await store.read(keyOf("a"))).toBeUndefined();
    store.write(keyOf("a"), 7, payloadOf(1000));
    await store.close();
    const next = new PrefixStore(join(folder, "new"));
    const state = await next.read(keyOf("a"));
    expect(state?.tokens).toBe(7);
    expect(Uint8Array.from(state?.payload ?? [])).toEqual(payloadOf(1000));
    expect(await next.read(keyOf("b"))).toBeUndefined();
    expect(await readdir(join(folder, "new"))).toHaveLength(1);
    await next.remove(keyOf("a"));
    expect(await next.read(keyOf("a"))).toBeUndefined();
  });

  it("keeps its files to their user", async () => {
    const store = new PrefixStore(folder);
    store.write(keyOf("a"), 1, payloadOf(10));
    await store.close();
    const [name] = (await readdir(folder)) as [string];
    if (process.platform !== "win32") {
      expect((await stat(join(folder, name))).mode & 0o077).toBe(0);
    }
  });

  it("takes no damaged file for a state", async () => {
    const store = new PrefixStore(folder);
    store.write(keyOf("a"), 1, payloadOf(100));
    await store.close();
    const [name] = (await readdir(folder)) as [string];
    const whole = await readFile(join(folder, name));
    for (let at = 0; at < whole.length; at += 5) {
      const damaged = Buffer.from(whole);
      damaged[at] = (damaged[at] as number) ^ 0xff;
      await writeFile(join(folder, name), damaged);
      // The number of tokens is the only part that no hash covers; whoever loads the state compares it.
      const state = await store.read(keyOf("a"));
      expect(state === undefined || state.tokens !== 1).toBe(true);
    }
  });

  it("drops what was used longest ago when it grows too large", async () => {
    const store = new PrefixStore(folder, 2500);
    for (const [age, digit] of ["a", "b"].entries()) {
      store.write(keyOf(digit), 1, payloadOf(1000));
      await store.close();
      const used = new Date(Date.now() - 100_000 + age * 1000);
      await utimes(join(folder, `${keyOf(digit)}.state`), used, used);
    }
    await store.read(keyOf("a"));
    store.write(keyOf("c"), 1, payloadOf(1000));
    await store.close();
    expect(await store.read(keyOf("a"))).toBeDefined();
    expect(await store.read(keyOf("b"))).toBeUndefined();
    expect(await store.read(keyOf("c"))).toBeDefined();
  });

  it("does without a folder that can't be made", async () => {
    await writeFile(join(folder, "file"), "");
    const store = new PrefixStore(join(folder, "file", "inside"));
    store.write(keyOf("a"), 1, payloadOf(10));
    await store.close();
    expect(await store.read(keyOf("a"))).toBeUndefined();
    await store.remove(keyOf("a"));
  });
});
