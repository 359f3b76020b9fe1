import { describe, expect, test, vi } from "vitest";
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
      const moved = async (scale: number) => {
        await context.setAdapter(adapter, scale);
        return largestDifference(await readAlone(context, tokens), plain);
      };
      expect(await moved(0)).toBe(0);
      // Below scale 3 the change drowns in the rounding of Q8_0, which moves logits by up to 0.8 at the least push.
      expect(await moved(30)).toBeGreaterThan(4);
      expect(await moved(10)).toBeLessThan(await moved(30));
      await context.setAdapter(null);
      expect(await readAlone(context, tokens)).toEqual(plain);
    });
  });

  test("A, B, A give what each gives alone", async () => {
    const tokens = model().tokenize("Now and then", { special: false });
    await using a = await model().loadAdapter(makeRandomAdapter(model(), 1));
    await using b = await model().loadAdapter(makeRandomAdapter(model(), 2));
    const alone: Float32Array[] = [];
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

  test("says when there is no room for a temporary file", async () => {
    vi.stubEnv("TMPDIR", "/no/such/folder");
    vi.stubEnv("TEMP", "/no/such/folder");
    const loading = model().loadAdapter(makeRandomAdapter(model(), 9));
    await expect(loading).rejects.toMatchObject({ code: "FUZZ_TEMPORARY_UNWRITABLE" });
    vi.unstubAllEnvs();
  });
});
