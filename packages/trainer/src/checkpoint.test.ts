import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadCheckpoint, saveCheckpoint } from "./checkpoint.ts";
import { newState } from "./training-state.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fuzzc-checkpoint-"));
});
afterAll(() => rm(folder, { recursive: true }));

test("gives back the whole state, and only to the same training", async () => {
  const path = join(folder, "state.gguf");
  const state = newState(Float32Array.of(1, 2, 3));
  state.adam.updates = 7;
  state.adam.mean.set([4, 5, 6]);
  state.best.set([7, 8, 9]);
  state.losses.push(0.5, 0.25);
  state.after = { loss: 0.3, exact: 1, count: 2 };
  await saveCheckpoint(path, "key", state);
  expect(await readdir(folder)).toEqual(["state.gguf"]);

  const fresh = newState(new Float32Array(3));
  expect(await loadCheckpoint(path, "other key", fresh)).toBe(false);
  expect(fresh).toEqual(newState(new Float32Array(3)));
  expect(await loadCheckpoint(path, "key", fresh)).toBe(true);
  expect(fresh).toEqual(state);
});

test("takes no file for no checkpoint, and a damaged one for an error", async () => {
  const state = newState(new Float32Array(3));
  expect(await loadCheckpoint(join(folder, "nothing"), "key", state)).toBe(false);
  const path = join(folder, "damaged.gguf");
  await writeFile(path, "GGUF and no more");
  await expect(loadCheckpoint(path, "key", state)).rejects.toMatchObject({
    code: "FUZZ_CHECKPOINT_INVALID",
  });
});
