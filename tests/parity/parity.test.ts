import { fileURLToPath } from "node:url";
import { type Compiler, loadCompiler, mapFeatures, mapTask } from "@fuzzc/compiler";
import { loadEngine, type Model, testModelPath } from "@fuzzc/llama";
import {
  type Adapter,
  coefficientsToAdapter,
  formatTask,
  moduleTensors,
  type OutputType,
  promptSegments,
  type Segment,
  suffixSegments,
  writeAdapter,
} from "@fuzzc/program";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import reference from "./reference.json" with { type: "json" };

/**
 * PyTorch in float32 against llama.cpp with Q8_0 activations. Token ids are the same; what is
 * computed in TypeScript alone agrees to float32's precision; what flows through the quantised
 * engine agrees within these bounds.
 */
const tolerance = {
  /** From the reference's features: mapper and adapter, no engine in between. */
  exactCosine: 0.999999,
  exactNorm: 1e-4,
  /** From the engine's hidden states. */
  featureCosine: 0.999,
  coefficientCosine: 0.995,
  logitCosine: 0.999,
  /** Of the five best tokens' logits, whose spread over the vocabulary is about 3. */
  bestLogit: 0.5,
};

const folder = fileURLToPath(new URL("../../compilers/smol", import.meta.url));
let model: Model;
let compiler: Compiler;

beforeAll(async () => {
  model = await loadEngine().openModel(testModelPath());
  compiler = await loadCompiler(folder);
});
afterAll(() => model?.dispose());

test("the reference values belong to the committed weights", () => {
  expect(reference.compilerSha256).toBe(compiler.manifest.weights.sha256);
});

describe.each(reference.tasks)("$output.type", (expected) => {
  const task = formatTask(expected.spec, outputOf(expected.output));

  test("the prompt is the same to the token", () => {
    expect(task).toBe(expected.taskText);
    expect(tokensOf(promptSegments({ task, examples: expected.examples }))).toEqual(
      expected.prefixIds,
    );
    expect(tokensOf([{ text: expected.input }, ...suffixSegments()])).toEqual(expected.inputIds);
  });

  test("mapper and adapter are the same arithmetic", () => {
    const coefficients = mapFeatures(Float32Array.from(expected.features), compiler.weights);
    expect(
      cosine(thin(coefficients, expected.coefficients.length), expected.coefficients),
    ).toBeGreaterThan(tolerance.exactCosine);
    const adapter = coefficientsToAdapter(coefficients, compiler.weights, compiler.manifest);
    for (const [module, norms] of Object.entries(expected.productNorms)) {
      productNorms(adapter, module).forEach((norm, index) => {
        expect(Math.abs(norm / norms[index]! - 1)).toBeLessThan(tolerance.exactNorm);
      });
    }
  });

  test("the engine's features give the same coefficients", async () => {
    const { features, coefficients } = await mapped(task);
    expect(cosine([...features], expected.features)).toBeGreaterThan(tolerance.featureCosine);
    expect(
      cosine(thin(coefficients, expected.coefficients.length), expected.coefficients),
    ).toBeGreaterThan(tolerance.coefficientCosine);
  });

  test.each(["logits", "baseLogits"] as const)("next-token %s agree", async (kind) => {
    await using context = await model.openContext({ contextSize: 512, sequences: 1 });
    const { coefficients } = await mapped(task);
    const bytes = writeAdapter(
      coefficientsToAdapter(coefficients, compiler.weights, compiler.manifest),
      { type: "F16", headCounts: compiler.manifest },
    );
    const adapter = await model.loadAdapter(bytes);
    await context.setAdapter(kind === "logits" ? adapter : null, 1);
    const tokens = [...expected.prefixIds, ...expected.inputIds];
    const [logits] = await context.decode(
      tokens.map((token, position) => ({
        token,
        position,
        sequences: [0],
        output: position === tokens.length - 1,
      })),
    );
    const { best, bestLogits, sampled } = expected[kind];
    const step = Math.floor(logits!.length / 16);
    const own = [
      ...best.map((token) => logits![token]!),
      ...sampled.map((_, i) => logits![i * step]!),
    ];
    expect(cosine(own, [...bestLogits, ...sampled])).toBeGreaterThan(tolerance.logitCosine);
    best.forEach((token, index) => {
      expect(Math.abs(logits![token]! - bestLogits[index]!)).toBeLessThan(tolerance.bestLogit);
    });
  });
});

async function mapped(task: string) {
  await using context = await model.openContext({
    contextSize: 512,
    sequences: 1,
    hiddenLayers: true,
  });
  return mapTask(task, compiler, {
    model,
    hiddenStates: (tokens, layers) => context.hiddenStates(tokens, layers),
  });
}

function tokensOf(segments: readonly Segment[]): number[] {
  return segments.flatMap((segment) =>
    "special" in segment
      ? [model.specialToken(segment.special)]
      : [...model.tokenize(segment.text, { special: false })],
  );
}

function outputOf({ type, labels, keys }: (typeof reference.tasks)[number]["output"]): OutputType {
  if (type === "labels") {
    return { type, labels };
  }
  if (type === "text") {
    return { type };
  }
  return {
    type: "json",
    schema: { type: "object", properties: Object.fromEntries(keys.map((key) => [key, {}])) },
  };
}

/** `count` values spread evenly, as `thin` in training/fuzzc_training/reference.py picks them. */
function thin(values: Float32Array, count: number): number[] {
  return Array.from(
    { length: count },
    (_, index) => values[Math.floor((index * (values.length - 1)) / (count - 1))]!,
  );
}

/** Frobenius norms of B A in the first and the last adapted layer. */
function productNorms(adapter: Adapter, module: string): number[] {
  const layers = compiler.manifest.adapter.layers;
  return [layers[0], layers.at(-1)].map((layer) => {
    const { a, b, dIn, dOut } = adapter.layers.get(`blk.${layer}.${moduleTensors[module]}.weight`)!;
    // |B A|² = trace(Bᵀ B A Aᵀ)
    const gram = (rows: number, length: number, at: (row: number, i: number) => number) =>
      Array.from({ length: rows }, (_, r) =>
        Array.from({ length: rows }, (_, s) => {
          let sum = 0;
          for (let i = 0; i < length; i++) {
            sum += at(r, i) * at(s, i);
          }
          return sum;
        }),
      );
    const { rank } = adapter;
    const aa = gram(rank, dIn, (r, i) => a[r * dIn + i]!);
    const bb = gram(rank, dOut, (r, i) => b[i * rank + r]!);
    let trace = 0;
    for (let r = 0; r < rank; r++) {
      for (let s = 0; s < rank; s++) {
        trace += aa[r]![s]! * bb[r]![s]!;
      }
    }
    return Math.sqrt(trace) * (adapter.alpha / rank);
  });
}

function cosine(a: readonly number[], b: readonly number[]): number {
  const dot = (x: readonly number[], y: readonly number[]) =>
    x.reduce((sum, value, index) => sum + value * y[index]!, 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}
