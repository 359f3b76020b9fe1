import { expect, test } from "vitest";
import {
  appendTokens,
  largest,
  readAlone,
  useBaseModel,
  withContext,
} from "./base-model.fixture.ts";

const model = useBaseModel();
const tokenize = (text: string) => model().tokenize(text, { special: false });

test("continues a text as the model does", async () => {
  await withContext(model(), {}, async (context) => {
    const logits = await readAlone(context, tokenize("The capital of France is"));
    expect(logits).toHaveLength(model().vocabularySize);
    expect(model().detokenize([largest(logits)])).toBe(" Paris");
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

test("stops in the middle of a batch when it is aborted", async () => {
  await withContext(model(), {}, async (context) => {
    const tokens = tokenize("word ".repeat(500)).subarray(0, 500);
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 5);
    const decoding = context.decode(appendTokens(tokens, [0]), abort);
    await expect(decoding).rejects.toMatchObject({ code: "FUZZ_CANCELLED" });
    expect(context.freeCells).toBe(context.contextSize);
  });
});

test("gives hidden states, one row a token for each layer", async () => {
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

test("says when there is too little memory", async () => {
  // 23 kB a token: 386 GB.
  const opening = model().openContext({ contextSize: 2 ** 24, sequences: 1 });
  await expect(opening).rejects.toMatchObject({ code: "FUZZ_OUT_OF_MEMORY" });
});
