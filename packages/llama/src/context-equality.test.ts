import { describe, expect, test } from "vitest";
import {
  appendTokens,
  continueGreedily,
  largestDifference,
  readAlone,
  useBaseModel,
  useTinyModel,
  withContext,
} from "./base-model.fixture.ts";

// The quick ways (batches, shared prefixes, saved states) must give what the plain way gives. Where the engine's kernels
// sum each row alone, as on x86 with AVX2, the differences are exactly 0. Elsewhere they round otherwise, and in the base
// model, whose activations are rounded to 8 bits at every layer, the least push moves logits by up to 0.8; the tiny model
// sums attention in half precision.
const models = [
  { name: "the base model", use: useBaseModel, tolerance: 1.5 },
  { name: "the tiny model", use: useTinyModel, tolerance: 0.1 },
];

describe.each(models)("with $name", ({ use, tolerance }) => {
  const model = use();
  const tokenize = (text: string) => model().tokenize(text, { special: false });
  const expectClose = (actual: Float32Array | undefined, expected: Float32Array | undefined) => {
    expect(largestDifference(actual as Float32Array, expected as Float32Array)).toBeLessThan(
      tolerance,
    );
  };

  test("the same text gives the same answer every time", async () => {
    const tokens = tokenize("Once upon a time");
    const first = await withContext(model(), {}, (c) => continueGreedily(c, tokens, 12));
    const second = await withContext(model(), {}, (c) => continueGreedily(c, tokens, 12));
    expect(second).toEqual(first);
  });

  test("sequences of one batch get what each gets alone", async () => {
    const texts = ["The capital of France is", "2 + 2 =", "My name", "Roses are red, violets are"];
    await withContext(model(), {}, async (context) => {
      const alone: Float32Array[] = [];
      for (const text of texts) {
        alone.push(await readAlone(context, tokenize(text)));
      }
      await context.clear();
      const entries = texts.flatMap((text, sequence) => appendTokens(tokenize(text), [sequence]));
      const batched = await context.decode(entries);
      batched.forEach((logits, index) => {
        expectClose(logits, alone[index]);
      });
      expect(largestDifference(alone[0] as Float32Array, alone[1] as Float32Array)).toBeGreaterThan(
        2 * tolerance,
      );
    });
  });

  test("a copied prefix gets what a fresh one gets, without taking more room", async () => {
    const prefix = tokenize("Answer with one word. Question: what is the colour of");
    const inputs = [tokenize(" the sky? Answer:"), tokenize(" fresh grass? Answer:")];
    await withContext(model(), {}, async (context) => {
      const fresh: Float32Array[] = [];
      for (const input of inputs) {
        fresh.push(await readAlone(context, [...prefix, ...input]));
      }
      await context.clear();
      await context.decode(appendTokens(prefix, [0]));
      const free = context.freeCells;
      await context.copySequence(0, 1);
      await context.copySequence(0, 2);
      expect(context.freeCells).toBe(free);
      const copied = await context.decode(
        inputs.flatMap((input, index) => appendTokens(input, [index + 1], prefix.length)),
      );
      copied.forEach((logits, index) => {
        expectClose(logits, fresh[index]);
      });
    });
  });

  test("a saved state gets what a fresh sequence gets, in another context and sequence", async () => {
    const prefix = tokenize("Translate to French. English: good morning. French:");
    const next = tokenize(" bon");
    const state = await withContext(model(), {}, async (context) => {
      await context.decode(appendTokens(prefix, [0]));
      return context.saveSequence(0);
    });
    await withContext(model(), {}, async (context) => {
      const fresh = await readAlone(context, [...prefix, ...next]);
      await context.clear();
      expect(await context.loadSequence(3, state)).toBe(prefix.length);
      expect(context.freeCells).toBe(context.contextSize - prefix.length);
      const [loaded] = await context.decode(appendTokens(next, [3], prefix.length));
      expectClose(loaded, fresh);
    });
  });

  test("what is longer than a batch, or asks for more outputs than fit in one, is split", async () => {
    const tokens = tokenize("one two three four five six seven eight nine ten eleven twelve");
    const whole = await withContext(model(), {}, (c) => readAlone(c, tokens));
    await withContext(model(), { batchSize: 5, maxOutputs: 4 }, async (context) => {
      const entries = appendTokens(tokens, [0]).map((entry) => ({ ...entry, output: true }));
      const rows = await context.decode(entries);
      expect(rows).toHaveLength(tokens.length);
      expectClose(rows.at(-1), whole);
    });
  });

  test("a decode that is aborted leaves the sequences as they were", async () => {
    await withContext(model(), { batchSize: 8 }, async (context) => {
      const tokens = tokenize("word ".repeat(400)).subarray(0, 400);
      await context.decode(appendTokens(tokens.subarray(0, 8), [0]));
      const abort = new AbortController();
      setImmediate(() => abort.abort(new Error("enough")));
      const decoding = context.decode(appendTokens(tokens.subarray(8), [0], 8), abort);
      await expect(decoding).rejects.toMatchObject({ code: "FUZZ_CANCELLED" });
      expect(context.sequenceLength(0)).toBe(8);
      expect(context.freeCells).toBe(context.contextSize - 8);
      const [after] = await context.decode(appendTokens(tokens.subarray(8, 16), [0], 8));
      expectClose(after, await readAlone(context, tokens.subarray(0, 16)));
    });
  });

  test("hidden states don't depend on the batch size", async () => {
    const tokens = tokenize("one two three four five six seven eight nine ten");
    const layer = model().layerCount - 1;
    const read = (batchSize: number) =>
      withContext(model(), { hiddenLayers: true, batchSize }, (c) =>
        c.hiddenStates(tokens, [layer]),
      );
    const [whole] = (await read(64)) as [Float32Array];
    const [split] = (await read(4)) as [Float32Array];
    const difference = whole.map((value, index) => value - (split[index] as number));
    expect(Math.hypot(...difference) / Math.hypot(...whole)).toBeLessThan(0.02);
  });
});
