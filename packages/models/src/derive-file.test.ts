import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { deriveFile } from "./derive-file.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "fuzzc-derive-"));
});

afterEach(() => rm(folder, { recursive: true }));

describe("deriveFile", () => {
  const derive = (make: (target: string) => Promise<void>, sourceSha256 = "a".repeat(64)) =>
    deriveFile({
      sourceSha256,
      name: "Tiny",
      suffix: ".Q8_0.gguf",
      make,
      env: { FUZZC_HOME: folder },
    });

  test("makes a file once, for many callers", async () => {
    let made = 0;
    const make = (target: string) => writeFile(target, `made ${++made}`);
    const paths = await Promise.all([derive(make), derive(make), derive(make)]);
    expect(new Set(paths)).toEqual(
      new Set([join(folder, "derived", "aaaaaaaaaaaa", "Tiny.Q8_0.gguf")]),
    );
    expect(await readFile(paths[0]!, "utf8")).toBe("made 1");
    expect(await derive(make, "b".repeat(64))).not.toBe(paths[0]);
    expect(made).toBe(2);
  });

  test("leaves nothing behind when making fails, and tries again", async () => {
    const failing = derive(async (target) => {
      await writeFile(target, "half");
      throw new Error("out of memory");
    });
    await expect(failing).rejects.toThrow("out of memory");
    expect(await readdir(join(folder, "derived", "aaaaaaaaaaaa"))).toEqual([]);
    expect(await derive((target) => writeFile(target, "whole"))).toMatch(/Tiny\.Q8_0\.gguf$/);
  });
});
