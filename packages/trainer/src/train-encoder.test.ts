import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Encoder, loadEngine, testEncoderPath } from "@fuzzc/llama";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TrainEncoderOptions, trainEncoder } from "./train-encoder.ts";

// A turn of phrase instead of a topic, which the encoder does not see at first.
const examples = [
  ["The meeting is at nine.", 0],
  ["Is the meeting at nine?", 1],
  ["Soup is on the stove.", 0],
  ["Is there any soup?", 1],
  ["My bank raised its fees.", 0],
  ["Why did my bank raise its fees?", 1],
  ["The dog barked all night.", 0],
  ["Did the dog bark all night?", 1],
].map(([input, label]) => ({ input: input as string, label: label as number }));
const heldBack = [
  { input: "Trains are late today.", label: 0 },
  { input: "Are trains late today?", label: 1 },
];

let folder: string;
let encoder: Encoder;
let small: TrainEncoderOptions;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fuzzc-trainer-"));
  encoder = await loadEngine().openEncoder(testEncoderPath(), { threads: 1 });
  const names = ["statement", "question"].map((name) => encoder.tokenize(name));
  const prototypes = await encoder.encode(names);
  const plan = { rank: 4, layers: 3, steps: 16 };
  small = { modelPath: testEncoderPath(), prototypes, examples, heldBack, ...plan };
});
afterAll(async () => {
  await encoder?.dispose();
  await rm(folder, { recursive: true });
});

test("learns, in the same way each time", async () => {
  const first = await trainEncoder(small);
  expect(first.losses).toHaveLength(first.steps);
  expect(first.losses.at(-1)).toBeLessThan(first.losses[0]! / 2);
  expect(first.after!.loss).toBeLessThan(first.before!.loss);
  expect(first.after!.exact).toBe(2);
  expect(first.prototypes.map(({ length }) => length)).toEqual([384, 384]);
  expect(first.peakMemoryBytes).toBeLessThan(1e9);

  const second = await trainEncoder(small);
  expect(second.losses).toEqual(first.losses);
  expect(Buffer.compare(second.adapter, first.adapter)).toBe(0);
  expect(second.prototypes).toEqual(first.prototypes);
});

test("makes an adapter that the engine applies as it was trained", async () => {
  const { adapter, prototypes, after } = await trainEncoder({
    ...small,
    scale: 10,
    bias: [0, 0.1],
  });
  await using loaded = await encoder.loadAdapter(adapter);
  const texts = heldBack.map(({ input }) => encoder.tokenize(input));
  const vectors = await encoder.encode(texts, { adapter: loaded });
  const losses = vectors.map((vector, index) => {
    const logits = prototypes.map((prototype, at) => 10 * dot(prototype, vector) + at);
    const sum = logits.reduce((total, one) => total + Math.exp(one), 0);
    return Math.log(sum) - logits[heldBack[index]!.label]!;
  });
  const loss = (losses[0]! + losses[1]!) / 2;
  // The engine rounds weights and states to eight bits.
  expect(Math.abs(loss / after!.loss - 1)).toBeLessThan(0.1);
  const plain = await encoder.encode(texts);
  expect(dot(plain[0]!, vectors[0]!)).toBeLessThan(0.99);
});

test("goes on from a checkpoint as if nothing had happened", async () => {
  const whole = await trainEncoder({ ...small, steps: 8 });
  const checkpoint = join(folder, "checkpoint.gguf");
  const controller = new AbortController();
  const cut = await trainEncoder({
    ...small,
    steps: 8,
    checkpoint,
    signal: controller.signal,
    onProgress: ({ step }) => {
      if (step === 3) {
        controller.abort();
      }
    },
  });
  expect(cut.ending).toBe("cancelled");
  expect(cut.steps).toBeLessThan(8);
  const rest = await trainEncoder({ ...small, steps: 8, checkpoint });
  expect(rest.losses).toEqual(whole.losses);
  expect(Buffer.compare(rest.adapter, whole.adapter)).toBe(0);
});

test("reads the beginning of a text that is too long", async () => {
  const long = { input: "word ".repeat(2000), label: 0 };
  const { losses } = await trainEncoder({ ...small, examples: [long], steps: 1, layers: 1 });
  expect(losses.every(Number.isFinite)).toBe(true);
});

test("says what is wrong", async () => {
  const refused = async (options: object, code: string) =>
    expect(trainEncoder({ ...small, ...options })).rejects.toMatchObject({ code });
  await refused({ examples: [] }, "FUZZ_NO_EXAMPLES");
  await refused({ examples: [{ input: "a", label: 2 }] }, "FUZZ_OUT_OF_RANGE");
  await refused({ prototypes: [Float32Array.of(1), Float32Array.of(1, 2)] }, "FUZZ_OUT_OF_RANGE");
  await refused({ bias: [1] }, "FUZZ_OUT_OF_RANGE");
  await refused(
    { prototypes: [Float32Array.of(1, 1), Float32Array.of(1, 2)] },
    "FUZZ_OUT_OF_RANGE",
  );
  await refused({ layers: 13 }, "FUZZ_OUT_OF_RANGE");
  await refused({ minutes: 0 }, "FUZZ_OUT_OF_RANGE");
  await refused({ modelPath: join(folder, "nothing.gguf") }, "FUZZ_MODEL_NOT_FOUND");
  await refused({ signal: AbortSignal.abort() }, "FUZZ_CANCELLED");
});

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, index) => sum + value * b[index]!, 0);
}
