import { afterAll, beforeAll, expect, test } from "vitest";
import type { Adapter } from "./adapter.ts";
import type { Encoder } from "./encoder.ts";
import { loadEngine } from "./load-engine.ts";
import { makeRandomAdapter } from "./random-adapter.fixture.ts";
import { testEncoderPath } from "./test-encoder.ts";

const shape = { architecture: "bert", embeddingSize: 384, headCount: 12, kvHeadCount: 12 };

let encoder: Encoder;
beforeAll(async () => {
  encoder = await loadEngine().openEncoder(testEncoderPath(), { threads: 1 });
});
afterAll(() => encoder?.dispose());

const embed = (text: string, adapter?: Adapter) =>
  encoder.encode([encoder.tokenize(text)], { adapter: adapter ?? null });
const cosine = ([a]: Float32Array[], [b]: Float32Array[]) =>
  a!.reduce((sum, value, index) => sum + value * b![index]!, 0);

test("an adapter moves the vectors; A, none, B, A give what each gives alone", async () => {
  const plain = await embed("a cat");
  await using a = await encoder.loadAdapter(makeRandomAdapter(shape, 1));
  await using b = await encoder.loadAdapter(makeRandomAdapter(shape, 2));
  expect(a.targets).toBe(4);
  const underA = await embed("a cat", a);
  const underB = await embed("a cat", b);
  expect(cosine(underA, plain)).toBeLessThan(0.9999);
  expect(cosine(underA, underB)).toBeLessThan(0.9999);
  expect(await embed("a cat", a)).toEqual(underA);
  expect(await embed("a cat")).toEqual(plain);
  expect(await embed("a cat", b)).toEqual(underB);
  expect(await embed("a cat", a)).toEqual(underA);
});

test("calls under different adapters may run at once", async () => {
  await using a = await encoder.loadAdapter(makeRandomAdapter(shape, 1));
  const alone = [await embed("bread"), await embed("bread", a)];
  expect(await Promise.all([embed("bread"), embed("bread", a)])).toEqual(alone);
});

test("an adapter is taken off before it is freed, and loaded once", async () => {
  const bytes = makeRandomAdapter(shape, 3);
  const plain = await embed("a cat");
  const first = await encoder.loadAdapter(bytes);
  expect(await encoder.loadAdapter(bytes)).toBe(first);
  await embed("a cat", first);
  await first.dispose();
  await embed("a cat", first);
  await first.dispose();
  expect(await embed("a cat")).toEqual(plain);
  await expect(embed("a cat", first)).rejects.toMatchObject({ code: "FUZZ_DISPOSED" });
});

test("an adapter of another model is refused", async () => {
  const other = makeRandomAdapter({ ...shape, architecture: "llama" }, 1);
  await expect(encoder.loadAdapter(other)).rejects.toMatchObject({
    code: "FUZZ_ADAPTER_MISMATCH",
  });
});

test("an encoder that ends frees the adapters that it has", async () => {
  const own = await loadEngine().openEncoder(testEncoderPath(), { threads: 1 });
  const adapter = await own.loadAdapter(makeRandomAdapter(shape, 1));
  await own.encode([own.tokenize("a cat")], { adapter });
  await own.dispose();
  expect(adapter.disposed).toBe(true);
});
