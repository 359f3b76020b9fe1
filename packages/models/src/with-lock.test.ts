import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { withLock } from "./with-lock.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "fuzzc-lock-"));
});

afterEach(() => rm(folder, { recursive: true }));

describe("withLock", () => {
  test("lets one call in at a time, and tells the others to wait", async () => {
    const path = join(folder, "deep", "file");
    let inside = 0;
    let most = 0;
    let waits = 0;
    const results = await Promise.all(
      [1, 2, 3].map((number) =>
        withLock(
          path,
          async () => {
            most = Math.max(most, ++inside);
            await new Promise((resolve) => setTimeout(resolve, 30));
            inside--;
            return number;
          },
          { onWait: () => waits++ },
        ),
      ),
    );
    expect(results).toEqual([1, 2, 3]);
    expect(most).toBe(1);
    expect(waits).toBeGreaterThan(0);
  });

  test("is free again after an error", async () => {
    const path = join(folder, "file");
    await expect(withLock(path, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await withLock(path, async () => "in")).toBe("in");
  });

  test("takes over a lock that a dead process left", async () => {
    const path = join(folder, "file");
    await mkdir(`${path}.lock`);
    await utimes(`${path}.lock`, new Date(0), new Date(0));
    expect(await withLock(path, async () => "in")).toBe("in");
  });

  test("stops waiting when it is cancelled", async () => {
    const path = join(folder, "file");
    await mkdir(`${path}.lock`);
    const controller = new AbortController();
    const waiting = withLock(path, async () => "in", {
      signal: controller.signal,
      onWait: () => controller.abort(),
    });
    await expect(waiting).rejects.toMatchObject({ code: "FUZZ_CANCELLED" });
  });

  test("tells its work when the lock is lost", async () => {
    const path = join(folder, "file");
    const lost = withLock(path, async (signal) => {
      await rm(`${path}.lock`, { recursive: true });
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      throw signal.reason;
    });
    await expect(lost).rejects.toMatchObject({ code: "FUZZ_LOCK_LOST" });
  });

  test("says that the folder can't be written to", async () => {
    await writeFile(join(folder, "file"), "");
    await expect(withLock(join(folder, "file", "below"), async () => 1)).rejects.toMatchObject({
      code: "FUZZ_CACHE_UNWRITABLE",
    });
  });

  test("holds between processes", async () => {
    const log = join(folder, "log");
    const script = join(folder, "work.mjs");
    const room = fileURLToPath(new URL("../dist/with-lock.js", import.meta.url));
    await writeFile(
      script,
      `import { appendFileSync } from "node:fs";
       import { withLock } from ${JSON.stringify(room)};
       await withLock(${JSON.stringify(join(folder, "file"))}, async () => {
         appendFileSync(${JSON.stringify(log)}, "in ");
         await new Promise((resolve) => setTimeout(resolve, 100));
         appendFileSync(${JSON.stringify(log)}, "out ");
       });`,
    );
    const codes = await Promise.all(
      [1, 2, 3].map(
        () =>
          new Promise((resolve) => {
            spawn(process.execPath, [script], { stdio: "inherit" }).on("close", resolve);
          }),
      ),
    );
    expect(codes).toEqual([0, 0, 0]);
    expect(await readFile(log, "utf8")).toBe("in out in out in out ");
  });
});
