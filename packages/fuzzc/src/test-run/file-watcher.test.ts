import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FileWatcher } from "./file-watcher.ts";

let folder: string;
const at = (name: string) => join(folder, name);
const never = new AbortController().signal;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "fuzzc-watch-"));
  await mkdir(at("data"));
  await writeFile(at("a.fuzz.yaml"), "a");
  await writeFile(at("data/a.csv"), "a");
});

afterEach(() => rm(folder, { recursive: true }));

test("tells of a file that is written, replaced, new, or gone", async () => {
  using watcher = new FileWatcher();
  watcher.watch([at("a.fuzz.yaml"), at("data/a.csv")]);
  await writeFile(at("a.fuzz.yaml"), "b");
  await watcher.change(never);
  await writeFile(at("data/a.tmp"), "b");
  await rename(at("data/a.tmp"), at("data/a.csv"));
  await watcher.change(never);
  await writeFile(at("b.fuzz.yaml"), "b");
  await watcher.change(never);
  await rm(at("a.fuzz.yaml"));
  await watcher.change(never);
});

test("a change while nobody waits is told later, several at once", async () => {
  using watcher = new FileWatcher();
  watcher.watch([at("a.fuzz.yaml")]);
  await writeFile(at("a.fuzz.yaml"), "b");
  await writeFile(at("a.fuzz.yaml"), "c");
  await new Promise((done) => setTimeout(done, 400));
  await watcher.change(never);
  const aborted = AbortSignal.timeout(300);
  await watcher.change(aborted);
  expect(aborted.aborted).toBe(true);
});

test("other files, and files that are watched no more, are nothing to it", async () => {
  using watcher = new FileWatcher();
  watcher.watch([at("a.fuzz.yaml"), at("data/a.csv")]);
  watcher.watch([at("a.fuzz.yaml"), at("nowhere/b.csv")]);
  await writeFile(at("notes.txt"), "b");
  await writeFile(at("data/b.csv"), "b");
  const aborted = AbortSignal.timeout(500);
  await watcher.change(aborted);
  expect(aborted.aborted).toBe(true);
});
