import { FuzzError } from "@fuzzc/program";

/** Every n-th item from the i-th, for "i/n": n processes share the work. */
export function takeShard<Item>(items: readonly Item[], shard: string): Item[] {
  const [number = 0, count = 0] = shard.split("/").map(Number);
  if (!(Number.isInteger(number) && Number.isInteger(count) && 1 <= number && number <= count)) {
    throw new FuzzError(`${JSON.stringify(shard)} is not a shard`, {
      code: "FUZZ_OPTION_INVALID",
      hint: "Write 1/2 for the first of two.",
    });
  }
  return items.filter((_, index) => index % count === number - 1);
}
