import { readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FuzzError, readGguf, writeGguf } from "@fuzzc/program";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Encoder, maxSentences, splitTexts } from "./encoder.ts";
import { loadEngine } from "./load-engine.ts";
import { testEncoderPath } from "./test-encoder.ts";
import { testModelPath } from "./test-model.ts";

let encoder: Encoder;
beforeAll(async () => {
  encoder = await loadEngine().openEncoder(testEncoderPath(), { threads: 1 });
});
afterAll(() => encoder?.dispose());

const dot = (a: Float32Array, b: Float32Array) =>
  a.reduce((sum, value, index) => sum + value * (b[index] as number), 0);
const embed = (texts: string[]) => encoder.encode(texts.map((text) => encoder.tokenize(text)));

describe("the encoder", () => {
  test("puts texts near each other that mean the same", async () => {
    const [cat, kitten, tax] = (await embed([
      "A cat sleeps on the sofa.",
      "The kitten naps on the couch.",
      "The tax return is due in May.",
    ])) as [Float32Array, Float32Array, Float32Array];
    expect(cat.length).toBe(encoder.embeddingSize);
    expect(dot(cat, cat)).toBeCloseTo(1, 5);
    expect(dot(cat, kitten)).toBeGreaterThan(dot(cat, tax) + 0.3);
  });

  test("gives what it gives alone, however many texts share a pass", async () => {
    const texts = Array.from({ length: 40 }, (_, index) =>
      `text number ${index} `.repeat(1 + (index % 9)),
    );
    const together = await embed(texts);
    for (const index of [0, 7, 8, 39]) {
      const [alone] = await embed([texts[index] as string]);
      expect(dot(alone as Float32Array, together[index] as Float32Array)).toBeGreaterThan(0.999);
    }
  });

  test("reads nothing, odd characters and the longest text, and no longer one", async () => {
    const longest = new Int32Array(encoder.maxTokens).fill(encoder.tokenize("word")[1] as number);
    const odd = ["", "\0", "\u2581 \uFFFD 👕", "[CLS]"].map((text) => encoder.tokenize(text));
    const vectors = await encoder.encode([...odd, longest]);
    expect(vectors.every((vector) => vector.every(Number.isFinite))).toBe(true);
    expect(() => encoder.encode([Int32Array.of(...longest, 0)])).toThrow(
      expect.objectContaining({ code: "FUZZ_TEXT_TOO_LONG" }),
    );
    expect(() => encoder.encode([Int32Array.of(-1)])).toThrow(FuzzError);
    expect(() => encoder.encode([new Int32Array()])).toThrow(FuzzError);
  });

  test("can be cancelled, and refuses work after its end", async () => {
    const cancelled = encoder.encode([encoder.tokenize("a")], { signal: AbortSignal.abort() });
    await expect(cancelled).rejects.toMatchObject({ code: "FUZZ_CANCELLED" });
    const other = await loadEngine().openEncoder(testEncoderPath());
    const tokens = other.tokenize("a");
    const underWay = other.encode([tokens]);
    await other.dispose();
    await other.dispose();
    expect((await underWay).length).toBe(1);
    await expect(other.encode([tokens])).rejects.toMatchObject({ code: "FUZZ_DISPOSED" });
    expect(() => other.tokenize("a")).toThrow(expect.objectContaining({ code: "FUZZ_DISPOSED" }));
  });
});

test("a prefix of the file stands before every text, and counts towards its length", async () => {
  const { metadata, tensors } = readGguf(await readFile(testEncoderPath()));
  const openWith = async (prefix: string) => {
    const path = join(tmpdir(), `fuzzc-prefix-${process.pid}.gguf`);
    metadata.set("fuzzc.encoder.prefix", { type: "string", value: prefix });
    await writeFile(path, writeGguf({ metadata, tensors }));
    const opened = await loadEngine().openEncoder(path, { threads: 1 });
    await rm(path);
    return opened;
  };
  await using plain = await openWith("");
  await using prefixed = await openWith("query: ");
  for (const text of ["a cat", "", "[SEP]"]) {
    const tokens = prefixed.tokenize(text);
    expect(tokens).toEqual(plain.tokenize(`query: ${text}`));
    expect(await prefixed.encode([tokens])).toEqual(await plain.encode([tokens]));
  }
  const longest = "a ".repeat(prefixed.maxTokens - 2 - 2);
  expect(prefixed.tokenize(longest)).toHaveLength(prefixed.maxTokens);
  expect(() => prefixed.encode([prefixed.tokenize(`${longest} a`)])).toThrow(
    expect.objectContaining({ code: "FUZZ_TEXT_TOO_LONG" }),
  );
});

describe("a file that is no encoder", () => {
  const open = (path: string) => loadEngine().openEncoder(path);

  test("is refused", async () => {
    await expect(open("/nowhere.gguf")).rejects.toMatchObject({ code: "FUZZ_MODEL_NOT_FOUND" });
    await expect(open(testModelPath())).rejects.toMatchObject({ code: "FUZZ_MODEL_UNSUPPORTED" });
    await expect(loadEngine().openModel(testEncoderPath())).rejects.toMatchObject({
      code: "FUZZ_MODEL_UNSUPPORTED",
    });
  });

  test("is refused before the engine sees it, whatever is wrong with it", async () => {
    const path = join(tmpdir(), `fuzzc-encoder-${process.pid}.gguf`);
    const whole = readGguf(await readFile(testEncoderPath()));
    const without = (key: string) => new Map([...whole.metadata].filter(([name]) => name !== key));
    const uint32 = (value: number) => ({ type: "uint32" as const, value });
    const withKey = (key: string, value: number) => new Map(whole.metadata).set(key, uint32(value));
    const broken = [
      without("bert.block_count"),
      without("tokenizer.ggml.bos_token_id"),
      withKey("bert.pooling_type", 4),
      withKey("bert.expert_count", 8),
      withKey("bert.attention.head_count", 5),
      withKey("bert.context_length", 4096),
      withKey("tokenizer.ggml.seperator_token_id", 40_000),
      withKey("fuzzc.encoder.prefix", 1),
      new Map(whole.metadata).set("fuzzc.encoder.prefix", {
        type: "string" as const,
        value: "a".repeat(65),
      }),
    ];
    for (const metadata of broken) {
      await writeFile(path, writeGguf({ metadata, tensors: whole.tensors }));
      await expect(open(path)).rejects.toMatchObject({ code: "FUZZ_MODEL_INVALID" });
    }
    const tensors = whole.tensors.filter(({ name }) => name !== "blk.3.ffn_up.weight");
    await writeFile(path, writeGguf({ metadata: whole.metadata, tensors }));
    await expect(open(path)).rejects.toMatchObject({ code: "FUZZ_MODEL_INVALID" });
    await writeFile(path, (await readFile(testEncoderPath())).subarray(0, 9_000_000));
    await expect(open(path)).rejects.toMatchObject({ code: "FUZZ_GGUF_TRUNCATED" });
    await rm(path);
  });
});

test("passes hold all texts in order, and no more than fit", () => {
  const lengths = fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 200 });
  fc.assert(
    fc.property(lengths, (all) => {
      const texts = all.map((length) => new Int32Array(length));
      const passes = splitTexts(texts, 128);
      expect(passes.flat()).toEqual(texts);
      for (const pass of passes) {
        const total = pass.reduce((sum, { length }) => sum + length, 0);
        expect(pass.length).toBeLessThanOrEqual(maxSentences);
        expect(pass.length === 1 || total <= 128).toBe(true);
      }
    }),
  );
});
