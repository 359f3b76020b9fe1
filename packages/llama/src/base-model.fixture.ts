import { afterAll, beforeAll } from "vitest";
import type { Context } from "./context.ts";
import { loadEngine } from "./load-engine.ts";
import type { Model } from "./model.ts";
import type { ContextOptions } from "./open-context.ts";
import { testModelPath } from "./test-model.ts";
import { writeTinyModel } from "./tiny-model.fixture.ts";

/** The base model, opened once for the tests of a file. */
export function useBaseModel(): () => Model {
  return useModel(testModelPath);
}

/** The tiny model, opened once for the tests of a file. */
export function useTinyModel(): () => Model {
  return useModel(writeTinyModel);
}

function useModel(path: () => string): () => Model {
  let model: Model | undefined;
  beforeAll(async () => {
    model = await loadEngine().openModel(path());
  });
  afterAll(() => model?.dispose());
  return () => model as Model;
}

/** Runs `task` on a context of its own. */
export async function withContext<Result>(
  model: Model,
  options: Partial<ContextOptions>,
  task: (context: Context) => Promise<Result>,
): Promise<Result> {
  const context = await model.openContext({ contextSize: 512, sequences: 4, ...options });
  try {
    return await task(context);
  } finally {
    await context.dispose();
  }
}

/** Entries that append tokens to sequences from `start` on, asking for the logits of the last. */
export function appendTokens(tokens: Iterable<number>, sequences: number[], start = 0) {
  const list = [...tokens];
  return list.map((token, index) => ({
    token,
    position: start + index,
    sequences,
    output: index === list.length - 1,
  }));
}

/** Reads tokens into sequence 0 of an empty context and gives the logits of the last. */
export async function readAlone(context: Context, tokens: Iterable<number>): Promise<Float32Array> {
  await context.clear();
  const [logits] = await context.decode(appendTokens(tokens, [0]));
  return logits as Float32Array;
}

/** Continues sequence 0 greedily. */
export async function continueGreedily(
  context: Context,
  tokens: Int32Array,
  count: number,
): Promise<number[]> {
  let logits = await readAlone(context, tokens);
  const answer: number[] = [];
  for (let step = 0; step < count; step++) {
    const token = largest(logits);
    answer.push(token);
    const next = await context.decode(appendTokens([token], [0], tokens.length + step));
    logits = next[0] as Float32Array;
  }
  return answer;
}

export function largest(values: Float32Array): number {
  return values.reduce(
    (best, value, index) => (value > (values[best] as number) ? index : best),
    0,
  );
}

export function largestDifference(a: Float32Array, b: Float32Array): number {
  return a.reduce(
    (most, value, index) => Math.max(most, Math.abs(value - (b[index] as number))),
    0,
  );
}
