import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { testModelPath } from "@fuzzc/llama";
import { readGguf } from "@fuzzc/program";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checkTrainOptions } from "./check-options.ts";
import { engineLoss } from "./engine-loss.fixture.ts";
import { runWorker } from "./run-worker.ts";
import { trainAdapter } from "./train-adapter.ts";

// Small enough to be quick: three layers of rank 4, and answers of two words.
const task = { task: "Which animal says it?\n\nOutput: text", examples: [] };
const examples = ["moo:cow", "baa:sheep", "oink:pig", "woof:dog", "meow:cat", "quack:duck"].map(
  (pair) => ({ input: pair.split(":")[0]!, output: `the ${pair.split(":")[1]}` }),
);
const heldBack = [{ input: "moo moo", output: "the cow" }];
const small = { task, examples, heldBack, rank: 4, layers: 3 };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fuzzc-trainer-"));
});
afterAll(() => rm(folder, { recursive: true }));

test("learns, in the same way each time", async () => {
  const options = { ...small, modelPath: testModelPath(), steps: 24 };
  const steps: number[] = [];
  const first = await trainAdapter({ ...options, onProgress: ({ step }) => steps.push(step) });
  expect(first.losses).toHaveLength(first.steps);
  expect(first.losses.at(-1)).toBeLessThan(first.losses[0]! / 2);
  expect(first.after!.loss).toBeLessThan(first.before!.loss);
  expect(first.bestStep).toBeGreaterThan(0);
  expect(steps.at(-1)).toBe(first.steps);
  expect(first.peakMemoryBytes).toBeLessThan(1.5e9);
  const { metadata, tensors } = readGguf(first.adapter);
  expect(metadata.get("adapter.type")?.value).toBe("lora");
  expect(tensors).toHaveLength(3 * 7 * 2);

  const second = await trainAdapter(options);
  expect(second.losses).toEqual(first.losses);
  expect(Buffer.compare(second.adapter, first.adapter)).toBe(0);
});

test("makes an adapter that the engine applies as it was trained, in lanes or not", async () => {
  const options = { ...small, modelPath: testModelPath(), steps: 12, lanes: 2 };
  const { adapter, after } = await trainAdapter(options);
  const loss = await engineLoss(testModelPath(), adapter, task, heldBack[0]!);
  // The engine rounds states to eight bits and keys to sixteen; the base alone differs by a few per cent.
  expect(Math.abs(loss / after!.loss - 1)).toBeLessThan(0.15);
});

test("goes on from a checkpoint as if nothing had happened", async () => {
  const options = { ...small, modelPath: testModelPath(), steps: 8 };
  const whole = await trainAdapter(options);
  const checkpoint = join(folder, "checkpoint.gguf");
  const controller = new AbortController();
  const cut = await trainAdapter({
    ...options,
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
  const rest = await trainAdapter({ ...options, checkpoint });
  expect(rest.losses).toEqual(whole.losses);
  expect(Buffer.compare(rest.adapter, whole.adapter)).toBe(0);
});

test("starts from an adapter, also from one of a larger rank", async () => {
  const options = { ...small, modelPath: testModelPath(), steps: 8 };
  const first = await trainAdapter(options);
  const next = await trainAdapter({ ...options, start: first.adapter, steps: 1 });
  expect(next.before!.loss).toBeCloseTo(first.after!.loss, 1);
  const cut = await trainAdapter({ ...options, start: first.adapter, rank: 2, steps: 1 });
  expect(cut.before!.loss).toBeLessThan(first.before!.loss);
});

test("keeps what the adapter it starts from changes below the trained layers", async () => {
  const options = { ...small, modelPath: testModelPath() };
  const first = await trainAdapter({ ...options, layers: 5, steps: 8 });
  const next = await trainAdapter({ ...options, start: first.adapter, steps: 4 });
  expect(next.before!.loss).toBeCloseTo(first.after!.loss, 1);
  const of = (adapter: Uint8Array) =>
    new Map(readGguf(adapter).tensors.map(({ name, data }) => [name, data]));
  const [before, after] = [of(first.adapter), of(next.adapter)];
  expect([...after.keys()]).toEqual([...before.keys()]);
  const lower = [...before.keys()].filter((name) => /^blk\.2[56]\./.test(name));
  expect(lower).toHaveLength(2 * 7 * 2);
  for (const name of lower) {
    expect(Buffer.compare(after.get(name)!, before.get(name)!)).toBe(0);
  }
  const loss = await engineLoss(testModelPath(), next.adapter, task, heldBack[0]!);
  expect(Math.abs(loss / next.after!.loss - 1)).toBeLessThan(0.15);
});

test("survives an assertion in the engine, and keeps what was learned", async () => {
  const worker = join(folder, "worker.mjs");
  const llama = pathToFileURL(join(import.meta.dirname, "../../llama/dist/index.js"));
  // A row beyond the table, which the engine only checks while it computes.
  await writeFile(
    worker,
    `import { ggmlTypes, openGgml } from ${JSON.stringify(llama.href)};
    process.on("message", async () => {
      process.send({ type: "best", best: { adapter: Uint8Array.of(1, 2, 3), step: 5, score: null } });
      const ggml = openGgml();
      const worktop = ggml.openWorktop();
      const graph = ggml.openGraph(8);
      const table = graph.input(ggmlTypes.F32, [4, 2]);
      const index = graph.input(ggmlTypes.I32, [1]);
      graph.output(graph.getRows(table, index));
      worktop.allocate(graph);
      graph.write(index, Int32Array.of(7));
      await worktop.compute(graph);
    });`,
  );
  const options = checkTrainOptions({ ...small, modelPath: testModelPath() });
  const { best, outcome, failure } = await runWorker(pathToFileURL(worker), options, {});
  expect(outcome).toBeUndefined();
  expect(best?.adapter).toEqual(Uint8Array.of(1, 2, 3));
  expect(failure).toMatchObject({ code: "FUZZ_TRAINING_FAILED" });
  expect(failure?.message).toMatch(/GGML_ASSERT|SIGABRT/);
});

test("says what is wrong", async () => {
  const modelPath = testModelPath();
  const refused = async (options: object, code: string) =>
    expect(trainAdapter({ ...small, modelPath, ...options })).rejects.toMatchObject({ code });
  await refused({ examples: [] }, "FUZZ_NO_EXAMPLES");
  await refused({ rank: 0 }, "FUZZ_OUT_OF_RANGE");
  await refused({ minutes: 0 }, "FUZZ_OUT_OF_RANGE");
  await refused({ layers: 400 }, "FUZZ_OUT_OF_RANGE");
  await refused({ modelPath: join(folder, "nothing.gguf") }, "FUZZ_MODEL_NOT_FOUND");
  await refused({ start: Uint8Array.of(1, 2, 3) }, "FUZZ_GGUF_INVALID");
  await refused({ signal: AbortSignal.abort() }, "FUZZ_CANCELLED");
  const long = { input: "word ".repeat(2000), output: "long" };
  await refused({ examples: [long] }, "FUZZ_EXAMPLES_TOO_LONG");
});
