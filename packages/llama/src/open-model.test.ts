import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { type GgufValue, writeGguf } from "@fuzzc/program";
import { describe, expect, test } from "vitest";
import { appendTokens, largestDifference, readAlone, withContext } from "./base-model.fixture.ts";
import { architectures } from "./check-architecture.ts";
import { loadEngine } from "./load-engine.ts";
import { makeRandomAdapter } from "./random-adapter.fixture.ts";
import {
  changeTokens,
  makeRandom,
  makeTinyModel,
  type TinyModel,
  writeTemporary,
} from "./tiny-model.fixture.ts";

const engine = loadEngine();

/** Tries to open the tiny model after a change; gives the error's code. */
async function openChanged(change: (model: TinyModel) => void): Promise<string> {
  const model = makeTinyModel();
  change(model);
  return openBytes(writeGguf(model));
}

/** Opens and uses a model; gives "fine" or the code of the error. Anything but a FuzzError fails the test. */
async function openBytes(bytes: Uint8Array): Promise<string> {
  try {
    await using model = await engine.openModel(writeTemporary(bytes));
    await withContext(model, { contextSize: 256, hiddenLayers: true }, async (context) => {
      const tokens = model.tokenize("the word", { special: true });
      await context.decode(appendTokens(tokens, [0]));
      await context.hiddenStates(tokens, [0, 1]);
    });
    return "fine";
  } catch (error) {
    expect(error).toMatchObject({ name: "FuzzError", code: expect.stringMatching(/^FUZZ_/) });
    return (error as { code: string }).code;
  }
}

test("opens a sound model and tells what it is", async () => {
  await using model = await engine.openModel(writeTemporary(writeGguf(makeTinyModel())));
  expect(model).toMatchObject({
    architecture: "llama",
    layerCount: 2,
    embeddingSize: 32,
    vocabularySize: 258,
    trainedContextSize: 512,
    headCount: 2,
    kvHeadCount: 1,
    endToken: 257,
    chatTemplate: undefined,
  });
  expect(model.metadata("tokenizer.ggml.pre")).toBe("smollm");
  expect(model.metadata("llama.block_count")).toBe("2");
  expect(model.metadata("nothing")).toBeUndefined();
});

test.each(architectures)("runs %s models with adapters", async (architecture) => {
  await using model = await engine.openModel(
    writeTemporary(writeGguf(makeTinyModel(architecture))),
  );
  await using adapter = await model.loadAdapter(makeRandomAdapter(model, 5));
  const hidden = model.openContext({ contextSize: 256, sequences: 1, hiddenLayers: true });
  if (architecture === "qwen2") {
    await expect(hidden).rejects.toMatchObject({ code: "FUZZ_MODEL_UNSUPPORTED" });
  } else {
    expect(await (await hidden).hiddenStates(Int32Array.of(1, 2, 3), [0, 1])).toHaveLength(2);
  }
  await withContext(model, { contextSize: 256 }, async (context) => {
    const plain = await readAlone(context, [1, 2, 3]);
    await context.setAdapter(adapter, 10);
    expect(largestDifference(await readAlone(context, [1, 2, 3]), plain)).toBeGreaterThan(0.1);
  });
});

describe("openModel refuses", () => {
  const set = (key: string, value: GgufValue) => (model: TinyModel) => {
    model.metadata.set(key, value);
  };
  const uint32 = (value: number): GgufValue => ({ type: "uint32", value });
  const string = (value: string): GgufValue => ({ type: "string", value });
  const faults: [name: string, code: string, change: (model: TinyModel) => void][] = [
    [
      "another architecture",
      "FUZZ_MODEL_UNSUPPORTED",
      set("general.architecture", string("mamba")),
    ],
    ["no architecture", "FUZZ_MODEL_UNSUPPORTED", (m) => m.metadata.delete("general.architecture")],
    ["an adapter", "FUZZ_MODEL_INVALID", set("general.type", string("adapter"))],
    ["a part of a model", "FUZZ_MODEL_INVALID", set("split.count", uint32(2))],
    ["experts", "FUZZ_MODEL_INVALID", set("llama.expert_count", uint32(8))],
    ["no layers", "FUZZ_MODEL_INVALID", set("llama.block_count", uint32(0))],
    [
      "more layers than the engine knows",
      "FUZZ_MODEL_INVALID",
      set("llama.block_count", uint32(600)),
    ],
    ["no heads", "FUZZ_MODEL_INVALID", set("llama.attention.head_count", uint32(0))],
    ["odd heads", "FUZZ_MODEL_INVALID", set("llama.attention.head_count", uint32(7))],
    [
      "heads that don't divide",
      "FUZZ_MODEL_INVALID",
      set("llama.attention.head_count_kv", uint32(3)),
    ],
    ["a number as text", "FUZZ_MODEL_INVALID", set("llama.block_count", string("2"))],
    [
      "an unknown rope scaling",
      "FUZZ_MODEL_INVALID",
      set("llama.rope.scaling.type", string("odd")),
    ],
    ["another tokenizer", "FUZZ_MODEL_UNSUPPORTED", set("tokenizer.ggml.model", string("llama"))],
    ["an unknown pre-tokenizer", "FUZZ_MODEL_INVALID", set("tokenizer.ggml.pre", string("odd"))],
    [
      "no vocabulary",
      "FUZZ_MODEL_INVALID",
      (model) => model.metadata.delete("tokenizer.ggml.tokens"),
    ],
    [
      "a token twice",
      "FUZZ_MODEL_INVALID",
      (model) =>
        changeTokens(model, (tokens) => {
          tokens[7] = tokens[8] as string;
        }),
    ],
    [
      "a token less than embeddings",
      "FUZZ_MODEL_INVALID",
      (model) => changeTokens(model, (tokens) => tokens.pop()),
    ],
    ["no tensors", "FUZZ_MODEL_INVALID", (model) => model.tensors.splice(0)],
    ["a missing tensor", "FUZZ_MODEL_INVALID", (model) => model.tensors.pop()],
    [
      "a tensor of another shape",
      "FUZZ_MODEL_INVALID",
      ({ tensors }) => tensors.at(-1)?.shape.reverse(),
    ],
  ];
  for (const [name, code, change] of faults) {
    test(name, async () => {
      expect(await openChanged(change)).toBe(code);
    });
  }

  test("a file that is not there, a folder, and other files", async () => {
    await expect(engine.openModel("/no/such/model.gguf")).rejects.toMatchObject({
      code: "FUZZ_MODEL_NOT_FOUND",
    });
    await expect(engine.openModel(tmpdir())).rejects.toMatchObject({
      code: "FUZZ_MODEL_NOT_FOUND",
    });
    expect(await openBytes(new Uint8Array(0))).toBe("FUZZ_GGUF_TRUNCATED");
    expect(await openBytes(new TextEncoder().encode("PK not a model"))).toBe("FUZZ_GGUF_INVALID");
  });

  test("a file cut short anywhere", async () => {
    const bytes = writeGguf(makeTinyModel());
    for (const length of [3, 20, 100, 3000, bytes.length - 50_000, bytes.length - 100]) {
      expect(await openBytes(bytes.subarray(0, length))).toBe("FUZZ_GGUF_TRUNCATED");
    }
  });

  test("work that was cancelled", async () => {
    const path = writeTemporary(writeGguf(makeTinyModel()));
    const opening = engine.openModel(path, { signal: AbortSignal.abort() });
    await expect(opening).rejects.toMatchObject({ code: "FUZZ_CANCELLED" });
  });
});

test("a model with any damaged bytes opens or ends in a FuzzError, and the process lives", async () => {
  const sound = writeGguf(makeTinyModel());
  const random = makeRandom(11);
  const pick = (limit: number) => Math.floor(random() * limit);
  const headerBytes = writeGguf({ ...makeTinyModel(), tensors: [] }).length;
  const seen = new Set<string>();
  for (let round = 0; round < 300; round++) {
    const bytes = sound.slice();
    // Half the rounds hit the metadata before the vocabulary, which is most of the header.
    const limit = round % 2 === 0 ? 900 : headerBytes;
    for (let change = 0; change <= pick(3); change++) {
      bytes[pick(limit)] = round % 3 === 0 ? pick(256) : pick(8);
    }
    seen.add(await openBytes(bytes));
  }
  expect(seen).toContain("fine");
  expect(seen).toContain("FUZZ_GGUF_INVALID");
});

describe("quantizeModel", () => {
  test("writes the same bytes each time, and they open", async () => {
    const source = writeTemporary(writeGguf(makeTinyModel()));
    for (const quantisation of ["Q8_0", "Q4_0"] as const) {
      const target = writeTemporary(new Uint8Array(0));
      await engine.quantizeModel(source, target, quantisation);
      const first = readFileSync(target);
      await engine.quantizeModel(source, target, quantisation);
      expect(readFileSync(target).equals(first)).toBe(true);
      await using model = await engine.openModel(target);
      expect(model.sizeBytes).toBeLessThan(60_000);
    }
  });

  test("refuses a bad source and a folder that is not there", async () => {
    const source = writeTemporary(writeGguf(makeTinyModel()));
    await expect(engine.quantizeModel(source, source, "Q8_0")).rejects.toMatchObject({
      code: "FUZZ_OUT_OF_RANGE",
    });
    const bad = writeTemporary(new Uint8Array(100));
    await expect(engine.quantizeModel(bad, `${bad}.out`, "Q8_0")).rejects.toMatchObject({
      code: "FUZZ_GGUF_INVALID",
    });
    await expect(engine.quantizeModel(source, "/no/such/folder/x", "Q8_0")).rejects.toMatchObject({
      code: "FUZZ_QUANTIZE_FAILED",
    });
  });
});

test("loadAdapter survives any damaged adapter", async () => {
  await using model = await engine.openModel(writeTemporary(writeGguf(makeTinyModel())));
  const sound = makeRandomAdapter(model, 5);
  const random = makeRandom(12);
  const pick = (limit: number) => Math.floor(random() * limit);
  const seen = new Set<string>();
  for (let round = 0; round < 300; round++) {
    const bytes = sound.slice(0, round % 10 === 0 ? pick(sound.length) : sound.length);
    if (round % 10 !== 0) {
      bytes[pick(700)] = round % 3 === 0 ? pick(256) : pick(8);
    }
    try {
      await using adapter = await model.loadAdapter(bytes);
      await withContext(model, { contextSize: 256 }, async (context) => {
        await context.setAdapter(adapter);
        await context.decode(appendTokens([1, 2, 3], [0]));
      });
      seen.add("fine");
    } catch (error) {
      expect(error).toMatchObject({ name: "FuzzError", code: expect.stringMatching(/^FUZZ_/) });
      seen.add((error as { code: string }).code);
    }
  }
  expect([...seen]).toEqual(
    expect.arrayContaining(["fine", "FUZZ_ADAPTER_MISMATCH", "FUZZ_GGUF_INVALID"]),
  );
});
