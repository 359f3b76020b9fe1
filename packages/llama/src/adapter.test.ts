import { describe, expect, test } from "vitest";
import {
  appendTokens,
  largestDifference,
  readAlone,
  useBaseModel,
  withContext,
} from "./base-model.fixture.ts";
import { makeRandomAdapter } from "./random-adapter.fixture.ts";

const model = useBaseModel();

describe("loadAdapter", () => {
  test("gives an adapter that moves the logits, as far as its scale says", async () => {
    const tokens = model().tokenize("The capital of France is", { special: false });
    await using adapter = await model().loadAdapter(makeRandomAdapter(model(), 7));
    expect(adapter.targets).toBe(4);
    await withContext(model(), {}, async (context) => {
      const plain = await readAlone(context, tokens);
      await context.setAdapter(adapter, 1);
      const adapted = await readAlone(context, tokens);
      expect(largestDifference(adapted, plain)).toBeGreaterThan(0.5);
      await context.setAdapter(adapter, 0.01);
      const barely = await readAlone(context, tokens);
      expect(largestDifference(barely, plain)).toBeLessThan(largestDifference(adapted, plain) / 2);
      await context.setAdapter(null);
      expect(await readAlone(context, tokens)).toEqual(plain);
    });
  });

  test("A, B, A give what each gives alone", async () => {
    const tokens = model().tokenize("Now and then", { special: false });
    await using a = await model().loadAdapter(makeRandomAdapter(model(), 1));
    await using b = await model().loadAdapter(makeRandomAdapter(model(), 2));
    const alone = [];
    for (const adapter of [a, b, a]) {
      alone.push(
        await withContext(model(), {}, async (context) => {
          await context.setAdapter(adapter);
          return readAlone(context, tokens);
        }),
      );
    }
    await withContext(model(), {}, async (context) => {
      for (const [index, adapter] of [a, b, a].entries()) {
        await context.setAdapter(adapter);
        expect(await readAlone(context, tokens)).toEqual(alone[index]);
      }
    });
    expect(alone[0]).not.toEqual(alone[1]);
  });

  test("gives the same adapter for the same bytes, until each use is disposed", async () => {
    const bytes = makeRandomAdapter(model(), 3);
    const first = await model().loadAdapter(bytes);
    const second = await model().loadAdapter(bytes);
    expect(second).toBe(first);
    await first.dispose();
    expect(second.disposed).toBe(false);
    await second.dispose();
    expect(second.disposed).toBe(true);
  });

  test("is taken off the contexts when it is disposed", async () => {
    const tokens = model().tokenize("Now and then", { special: false });
    await withContext(model(), {}, async (context) => {
      const plain = await readAlone(context, tokens);
      const adapter = await model().loadAdapter(makeRandomAdapter(model(), 4));
      await context.setAdapter(adapter);
      await context.clear();
      const decoding = context.decode(appendTokens(tokens, [0]));
      await adapter.dispose();
      expect((await decoding)[0]).not.toEqual(plain);
      expect(context.adapter).toBeNull();
      expect(await readAlone(context, tokens)).toEqual(plain);
      await expect(context.setAdapter(adapter)).rejects.toMatchObject({ code: "FUZZ_DISPOSED" });
    });
  });
});
