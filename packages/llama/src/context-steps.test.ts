import fc from "fast-check";
import { expect, test } from "vitest";
import {
  appendTokens,
  largestDifference,
  readAlone,
  useTinyModel,
  withContext,
} from "./base-model.fixture.ts";
import type { Context } from "./context.ts";

const model = useTinyModel();
const sequences = 3;
const id = fc.nat(sequences - 1);
const step = fc.oneof(
  fc.record({
    kind: fc.constant("append" as const),
    pieces: fc.array(
      fc.record({
        to: fc.uniqueArray(id, { minLength: 1, maxLength: sequences }),
        tokens: fc.array(fc.nat(255), { minLength: 1, maxLength: 6 }),
      }),
      { minLength: 1, maxLength: 3 },
    ),
  }),
  fc.record({ kind: fc.constant("copy" as const), from: id, to: id }),
  fc.record({ kind: fc.constant("cut" as const), from: id, at: fc.nat(12) }),
  fc.record({ kind: fc.constant("move" as const), from: id, to: id }),
);

test("after any steps, each sequence goes on as if it had been read alone", async () => {
  const options = { contextSize: 256, sequences, batchSize: 4 };
  await withContext(model(), options, (context) =>
    withContext(model(), options, (plain) =>
      fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
          await context.clear();
          const texts: number[][] = Array.from({ length: sequences }, () => []);
          for (const one of steps) {
            if (one.kind === "append") {
              await append(context, texts, one.pieces);
            } else if (one.kind === "copy") {
              await context.copySequence(one.from, one.to);
              texts[one.to] = [...(texts[one.from] as number[])];
            } else if (one.kind === "cut") {
              await context.removeSequence(one.from, one.at);
              texts[one.from]?.splice(one.at);
            } else {
              await context.loadSequence(one.to, await context.saveSequence(one.from));
              texts[one.to] = [...(texts[one.from] as number[])];
            }
          }
          for (const [sequence, text] of texts.entries()) {
            expect(context.sequenceLength(sequence)).toBe(text.length);
            const [logits] = await context.decode(appendTokens([65], [sequence], text.length));
            const alone = await readAlone(plain, [...text, 65]);
            expect(largestDifference(logits as Float32Array, alone)).toBeLessThan(0.1);
          }
        }),
        { numRuns: 60 },
      ),
    ),
  );
});

/** Appends pieces in one decode; sequences that don't share their past are refused, and then nothing changes. */
async function append(
  context: Context,
  texts: number[][],
  pieces: { to: number[]; tokens: number[] }[],
): Promise<void> {
  const after = texts.map((text) => [...text]);
  const entries = pieces.flatMap(({ to, tokens }) => {
    const start = after[to[0] as number]?.length ?? 0;
    for (const sequence of to) {
      after[sequence]?.push(...tokens);
    }
    return appendTokens(tokens, to, start);
  });
  try {
    await context.decode(entries);
  } catch (error) {
    expect(error).toMatchObject({ code: "FUZZ_BATCH_INVALID" });
    return;
  }
  for (const [sequence, text] of after.entries()) {
    texts[sequence] = text;
  }
}
