import { describe, expect, test } from "vitest";
import {
  appendTokens,
  continueGreedily,
  largest,
  largestDifference,
  readAlone,
  useBaseModel,
  withContext,
} from "./base-model.fixture.ts";

// Logits of SmolLM2 span about -10..25. On x86 with AVX2 the differences below are exactly 0; processors whose kernels
// depend on the shape of the batch sum in another order.
const tolerance = 0.1;

const model = useBaseModel();
const tokenize = (text: string) => model().tokenize(text, { special: false });

describe("decode", () => {
  test("continues a text as the model does", async () => {
    await withContext(model(), {}, async (context) => {
      const logits = await readAlone(context, tokenize("The capital of France is"));
      expect(logits).toHaveLength(model().vocabularySize);
      expect(model().detokenize([largest(logits)])).toBe(" Paris");
    });
  });

  test("gives the same answer every time", async () => {
    const tokens = tokenize("Once upon a time");
    const first = await withContext(model(), {}, (c) => continueGreedily(c, tokens, 12));
    const second = await withContext(model(), {}, (c) => continueGreedily(c, tokens, 12));
    expect(second).toEqual(first);
  });

  test("gives sequences of one batch what each gets alone", async () => {
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
        const own = alone[index] as Float32Array;
        expect(largest(logits)).toBe(largest(own));
        expect(largestDifference(logits, own)).toBeLessThan(tolerance);
      });
    });
  });

  test("gives a copied prefix what a fresh one gets", async () => {
    const prefix = tokenize("Answer with one word. Question: what is the colour of");
    const inputs = [tokenize(" the sky? Answer:"), tokenize(" fresh grass? Answer:")];
    await withContext(model(), {}, async (context) => {
      const fresh: Float32Array[] = [];
      for (const input of inputs) {
        fresh.push(await readAlone(context, [...prefix, ...input]));
      }
      await context.clear();
      await context.decode(appendTokens(prefix, [0]));
      const used = context.contextSize - context.freeCells;
      await context.copySequence(0, 1);
      await context.copySequence(0, 2);
      expect(context.contextSize - context.freeCells).toBe(used);
      const copied = await context.decode(
        inputs.flatMap((input, index) => appendTokens(input, [index + 1], prefix.length)),
      );
      copied.forEach((logits, index) => {
        expect(largestDifference(logits, fresh[index] as Float32Array)).toBeLessThan(tolerance);
      });
    });
  });

  test("splits what is longer than a batch, and asks for more outputs than fit in one", async () => {
    const tokens = tokenize("one two three four five six seven eight nine ten eleven twelve");
    const whole = await withContext(model(), {}, (c) => readAlone(c, tokens));
    await withContext(model(), { batchSize: 5, maxOutputs: 4 }, async (context) => {
      const entries = appendTokens(tokens, [0]).map((entry) => ({ ...entry, output: true }));
      const rows = await context.decode(entries);
      expect(rows).toHaveLength(tokens.length);
      expect(largestDifference(rows.at(-1) as Float32Array, whole)).toBeLessThan(tolerance);
    });
  });

  test("leaves the event loop free", async () => {
    await withContext(model(), {}, async (context) => {
      let ticks = 0;
      const timer = setInterval(() => {
        ticks++;
      }, 1);
      await context.decode(appendTokens(tokenize("word ".repeat(300)).subarray(0, 300), [0]));
      clearInterval(timer);
      expect(ticks).toBeGreaterThan(0);
    });
  });

  test("stops when it is aborted, and leaves the sequences as they were", async () => {
    await withContext(model(), {}, async (context) => {
      const tokens = tokenize("word ".repeat(400)).subarray(0, 400);
      await context.decode(appendTokens(tokens.subarray(0, 8), [0]));
      const abort = new AbortController();
      setTimeout(() => abort.abort(new Error("enough")), 20);
      const decoding = context.decode(appendTokens(tokens.subarray(8), [0], 8), abort);
      await expect(decoding).rejects.toMatchObject({ code: "FUZZ_CANCELLED" });
      expect(context.sequenceLength(0)).toBe(8);
      expect(context.freeCells).toBe(context.contextSize - 8);
      const after = await context.decode(appendTokens(tokens.subarray(8, 16), [0], 8));
      const fresh = await readAlone(context, tokens.subarray(0, 16));
      expect(largestDifference(after[0] as Float32Array, fresh)).toBeLessThan(tolerance);
    });
  });
});

describe("saveSequence and loadSequence", () => {
  test("give what a fresh sequence gets, in another context and sequence", async () => {
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
      const loaded = await context.decode(appendTokens(next, [3], prefix.length));
      expect(largestDifference(loaded[0] as Float32Array, fresh)).toBeLessThan(tolerance);
    });
  });
});

describe("hiddenStates", () => {
  test("give one row a token for each layer", async () => {
    const tokens = tokenize("hidden states of every layer");
    const size = model().embeddingSize;
    await withContext(model(), { hiddenLayers: true, batchSize: 4 }, async (context) => {
      const layers = [0, 15, model().layerCount - 1];
      const states = await context.hiddenStates(tokens, layers);
      expect(states.map(({ length }) => length)).toEqual(layers.map(() => tokens.length * size));
      expect(states.flatMap((rows) => [...rows]).every(Number.isFinite)).toBe(true);
      // Layer 0 reads the token embedding alone, so the same token gives the same row wherever it stands.
      const [twice] = await context.hiddenStates(Int32Array.of(5, 9, 5), [0]);
      expect(twice?.subarray(0, size)).toEqual(twice?.subarray(2 * size, 3 * size));
      expect(context.freeCells).toBe(context.contextSize);
    });
  });

  test("don't depend on the batch size", async () => {
    const tokens = tokenize("one two three four five six seven eight nine ten");
    const read = (batchSize: number) =>
      withContext(model(), { hiddenLayers: true, batchSize }, (c) => c.hiddenStates(tokens, [20]));
    const [whole] = await read(64);
    const [split] = await read(4);
    const norm = Math.hypot(...(whole as Float32Array));
    const difference = (whole as Float32Array).map((value, i) => value - (split?.[i] as number));
    expect(Math.hypot(...difference) / norm).toBeLessThan(0.02);
  });
});

test("openContext says when there is too little memory", async () => {
  // 23 kB a token: 386 GB.
  const opening = model().openContext({ contextSize: 2 ** 24, sequences: 1 });
  await expect(opening).rejects.toMatchObject({ code: "FUZZ_OUT_OF_MEMORY" });
});
