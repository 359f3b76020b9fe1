import { expect, expectTypeOf, test } from "vitest";
import { z } from "zod";
import { fuzzy } from "./fuzzy.ts";
import { useTestHome } from "./test-home.fixture.ts";

useTestHome();

async function list<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const listed: Item[] = [];
  for await (const item of items) {
    listed.push(item);
  }
  return listed;
}

test("a schema checks and transforms each output", async () => {
  const output = z
    .object({ quantity: z.int().min(0).max(9), size: z.enum(["small", "large"]) })
    .transform(({ quantity, size }) => `${quantity} ${size}`);
  const spec = "Take the quantity and the size out of an order.";
  await using order = await fuzzy({ spec, output });
  const inputs = ["three small bowls", "1 large mug"];
  const text = await order(inputs[0]!);
  expectTypeOf(text).toEqualTypeOf<string>();
  expect(text).toMatch(/^\d (small|large)$/);
  expect((await order.detail(inputs[0]!)).text).toMatch(/^{"quantity":\d,"size":"\w+"}$/);
  expect(await list(order.map(inputs))).toEqual([text, await order(inputs[1]!)]);
  const none = output.refine(() => false, "is never right");
  await using strict = await fuzzy({ spec, output: none });
  await expect(strict(inputs[0]!)).rejects.toThrow("is never right");
  expect(await list(strict.mapSettled(inputs))).toMatchObject([
    { status: "rejected", reason: { code: "FUZZ_OUTPUT_INVALID" } },
    { status: "rejected" },
  ]);
  await using silent = await fuzzy({ spec, output: none, minProbability: 1 });
  expect(await silent(inputs[0]!)).toBe(null);
});

test("an enumeration runs as labels, on the sentence encoder", async () => {
  const output = z.enum(["good", "bad"]);
  await using judge = await fuzzy({ spec: "Is the review good or bad?", output });
  expect(Object.keys((await judge.detail("I loved it")).labels ?? {})).toEqual(["good", "bad"]);
});
