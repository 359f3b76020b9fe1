import { expect, test } from "vitest";
import { takeShard } from "./take-shard.ts";
import { WorkClock } from "./work-clock.ts";

test("what is left is told by the pieces of its kind, else by all", () => {
  const clock = new WorkClock(["slow", "slow", "quick", "quick", "other"]);
  clock.note("slow", 60_000);
  clock.note("quick", 20_000);
  expect(clock.leftMs()).toBe(60_000 + 20_000 + 40_000);
  expect(clock.describe()).toBe("3 left, about 2 minutes");
});

test("shards share all items, and a wrong shard is refused", () => {
  expect(takeShard([1, 2, 3], "2/2")).toEqual([2]);
  expect(takeShard([1, 2, 3], "1/2")).toEqual([1, 3]);
  for (const wrong of ["0/2", "3/2", "x", "1"]) {
    expect(() => takeShard([1], wrong)).toThrow("is not a shard");
  }
});
