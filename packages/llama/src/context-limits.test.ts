import { describe, expect, test } from "vitest";
import { appendTokens, withContext } from "./base-model.fixture.ts";
import type { Context } from "./context.ts";
import { loadEngine } from "./load-engine.ts";
import type { Model } from "./model.ts";
import { tinySizes, writeTinyModel } from "./tiny-model.fixture.ts";

async function withTinyContext(task: (context: Context, model: Model) => Promise<void>) {
  await using model = await loadEngine().openModel(writeTinyModel());
  await withContext(model, { contextSize: 256, sequences: 3 }, (context) => task(context, model));
}

describe("decode refuses", () => {
  const entry = { token: 1, position: 0, sequences: [0], output: true };
  const faults: [name: string, code: string, entries: (typeof entry)[]][] = [
    ["a token outside the vocabulary", "FUZZ_OUT_OF_RANGE", [{ ...entry, token: 258 }]],
    ["a token that is no whole number", "FUZZ_OUT_OF_RANGE", [{ ...entry, token: Number.NaN }]],
    ["a sequence that there is not", "FUZZ_OUT_OF_RANGE", [{ ...entry, sequences: [3] }]],
    ["no sequence", "FUZZ_OUT_OF_RANGE", [{ ...entry, sequences: [] }]],
    ["a sequence twice", "FUZZ_OUT_OF_RANGE", [{ ...entry, sequences: [1, 1] }]],
    ["a position below 0", "FUZZ_OUT_OF_RANGE", [{ ...entry, position: -1 }]],
    ["a position past the context", "FUZZ_CONTEXT_FULL", [{ ...entry, position: 256 }]],
    ["a gap", "FUZZ_BATCH_INVALID", [entry, { ...entry, position: 2 }]],
    ["a position twice", "FUZZ_BATCH_INVALID", [entry, entry]],
    [
      "sequences together that part in the same batch",
      "FUZZ_BATCH_INVALID",
      [
        { ...entry, sequences: [0, 1] },
        { ...entry, position: 1 },
        { ...entry, position: 2, sequences: [0, 1] },
      ],
    ],
  ];
  for (const [name, code, entries] of faults) {
    test(name, () =>
      withTinyContext(async (context) => {
        await expect(context.decode(entries)).rejects.toMatchObject({ code });
        expect(context.freeCells).toBe(context.contextSize);
        expect(await context.decode([entry])).toHaveLength(1);
      }),
    );
  }

  test("more tokens than there is room for, and says how many", () =>
    withTinyContext(async (context) => {
      await context.decode(appendTokens(new Array(200).fill(1), [0]));
      const more = context.decode(appendTokens(new Array(60).fill(1), [1]));
      await expect(more).rejects.toMatchObject({
        code: "FUZZ_CONTEXT_FULL",
        message: expect.stringContaining("4 too many"),
      });
      await context.removeSequence(0, 100);
      await context.decode(appendTokens(new Array(60).fill(1), [1]));
      expect(context.freeCells).toBe(256 - 160);
    }));

  test("to go on with sequences together that went their own ways", () =>
    withTinyContext(async (context) => {
      await context.decode(appendTokens([1, 2], [0, 1]));
      expect(context.freeCells).toBe(254);
      await context.decode(appendTokens([3], [0, 1], 2));
      await context.decode([...appendTokens([4], [0], 3), ...appendTokens([5], [1], 3)]);
      const together = context.decode(appendTokens([6], [0, 1], 4));
      await expect(together).rejects.toMatchObject({ code: "FUZZ_BATCH_INVALID" });
    }));
});

describe("loadSequence refuses", () => {
  test("anything that was not saved, and changes nothing or empties the sequence", () =>
    withTinyContext(async (context) => {
      await context.decode(appendTokens([1, 2, 3], [0]));
      const state = await context.saveSequence(0);
      const damage = (change: (bytes: Uint8Array) => void) => {
        const bytes = state.slice();
        change(bytes);
        return bytes;
      };
      const set32 = (word: number, value: number) =>
        damage((bytes) => new DataView(bytes.buffer).setInt32(word * 4, value, true));
      const bad = [
        new Uint8Array(0),
        new Uint8Array(1000),
        state.subarray(0, 40),
        state.subarray(0, -1),
        set32(2, 2),
        set32(3, -1),
        set32(3, 2 ** 30),
        set32(4, 7),
        set32(4, -7),
        set32(5, 2),
        // What follows the three cells: the number of layers, the type of the first layer's keys.
        set32(13, 1),
        set32(14, 99),
        set32(15, 99),
      ];
      for (const bytes of bad) {
        await expect(context.loadSequence(1, bytes)).rejects.toMatchObject({
          code: "FUZZ_STATE_INVALID",
        });
        expect(context.sequenceLength(1)).toBe(0);
      }
      expect(await context.loadSequence(1, state)).toBe(3);
      expect(context.freeCells).toBe(256 - 6);
    }));

  test("what there is no room for", () =>
    withTinyContext(async (context) => {
      await context.decode(appendTokens(new Array(150).fill(1), [0]));
      const state = await context.saveSequence(0);
      const loading = context.loadSequence(1, state);
      await expect(loading).rejects.toMatchObject({ code: "FUZZ_CONTEXT_FULL" });
      expect(await context.loadSequence(0, state)).toBe(150);
    }));
});

describe("hiddenStates refuses", () => {
  test("layers that are not kept, and contexts that were not opened for it", () =>
    withTinyContext(async (context, model) => {
      const tokens = Int32Array.of(1, 2);
      await expect(context.hiddenStates(tokens, [0])).rejects.toMatchObject({
        code: "FUZZ_OUT_OF_RANGE",
      });
      await withContext(model, { hiddenLayers: true }, async (hidden) => {
        for (const layer of [-1, tinySizes.layers, 0.5]) {
          await expect(hidden.hiddenStates(tokens, [layer])).rejects.toMatchObject({
            code: "FUZZ_OUT_OF_RANGE",
          });
        }
      });
    }));
});

describe("openContext", () => {
  test("refuses sizes that the engine would not survive", async () => {
    await using model = await loadEngine().openModel(writeTinyModel());
    for (const options of [
      { contextSize: 0, sequences: 1 },
      { contextSize: Number.NaN, sequences: 1 },
      { contextSize: 2 ** 40, sequences: 1 },
      { contextSize: 256, sequences: 0 },
      { contextSize: 256, sequences: 257 },
      { contextSize: 256, sequences: 1, threads: 0 },
      { contextSize: 256, sequences: 1, batchSize: 0 },
    ]) {
      await expect(model.openContext(options)).rejects.toMatchObject({ code: "FUZZ_OUT_OF_RANGE" });
    }
  });

  test("opens the most sequences, and batches smaller than they are", async () => {
    await using model = await loadEngine().openModel(writeTinyModel());
    await using context = await model.openContext({
      contextSize: 1,
      sequences: 256,
      batchSize: 1,
      maxOutputs: 1,
    });
    expect(await context.decode(appendTokens([1, 2], [255]))).toHaveLength(1);
  });
});

describe("after dispose", () => {
  test("every call of a context ends in an error, and a call under way still settles", async () => {
    await using model = await loadEngine().openModel(writeTinyModel());
    const context = await model.openContext({ contextSize: 256, sequences: 1 });
    const decoding = context.decode(appendTokens([1, 2, 3], [0]));
    const disposing = context.dispose();
    await expect(decoding).resolves.toHaveLength(1);
    await disposing;
    await context.dispose();
    for (const call of [
      () => context.decode(appendTokens([1], [0])),
      () => context.clear(),
      () => context.saveSequence(0),
      () => context.copySequence(0, 0),
      () => context.setAdapter(null),
    ]) {
      await expect(call()).rejects.toMatchObject({ code: "FUZZ_DISPOSED" });
    }
  });

  test("a model takes its contexts and grammars with it", async () => {
    const model = await loadEngine().openModel(writeTinyModel());
    const context = await model.openContext({ contextSize: 256, sequences: 1 });
    const grammar = model.openGrammar('root ::= "a"');
    const decoding = context.decode(appendTokens([1, 2, 3], [0]));
    await model.dispose();
    await model.dispose();
    await expect(decoding).resolves.toHaveLength(1);
    await expect(context.clear()).rejects.toMatchObject({ code: "FUZZ_DISPOSED" });
    expect(() => grammar.allows(0)).toThrowError(
      expect.objectContaining({ code: "FUZZ_DISPOSED" }),
    );
    expect(() => model.tokenize("a", { special: false })).toThrowError(
      expect.objectContaining({ code: "FUZZ_DISPOSED" }),
    );
    await expect(model.openContext({ contextSize: 256, sequences: 1 })).rejects.toMatchObject({
      code: "FUZZ_DISPOSED",
    });
  });
});
