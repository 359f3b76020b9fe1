import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { FuzzError, programId, readProgram, writeProgram } from "@fuzzc/program";
import { describe, expect, expectTypeOf, test } from "vitest";
import { exportProgram } from "./export-program.ts";
import { fuzzy } from "./fuzzy.ts";
import type { FuzzyFunction } from "./fuzzy-function.ts";
import type { FuzzyOptions } from "./fuzzy-options.ts";
import { load } from "./load.ts";
import { useTestHome } from "./test-home.fixture.ts";

const home = useTestHome();
const review = {
  name: "review",
  spec: "Is the review good or bad?",
  output: ["good", "bad"],
} as const;

describe("fuzzy", () => {
  test("compiles once, and takes the program out of the cache afterwards", async () => {
    const reports: string[] = [];
    const phases = new Set<string>();
    const options = {
      ...review,
      onCompiled: ({ level }: { level: string }) => reports.push(level),
      onProgress: ({ phase }: { phase: string }) => phases.add(phase),
    };
    const first = await fuzzy(options);
    const second = await fuzzy(options);
    expect(reports).toEqual(["O0"]);
    expect(phases).toContain("compile");
    expect(second.program).toEqual(first.program);
    expect(first.name).toBe("review");
    const output = await first("I loved it");
    expectTypeOf(output).toEqualTypeOf<"good" | "bad">();
    expect(review.output).toContain(output);
    expect(await second("I loved it")).toBe(output);
    await first.dispose();
    await second.dispose();
  });

  test("tells the details of an answer", async () => {
    await using judge = await fuzzy(review);
    const detail = await judge.detail("I loved it");
    expectTypeOf(detail.output).toEqualTypeOf<"good" | "bad">();
    expect(Object.keys(detail.labels ?? {})).toEqual(["good", "bad"]);
    expect(detail.labels?.[detail.output]).toBe(detail.probability);
    expect(detail.abstained).toBe(false);
    expect(detail.timings.totalMs).toBeGreaterThan(0);
  });

  test("answers many inputs in their order", async () => {
    await using judge = await fuzzy(review);
    const inputs = ["great", "awful", "so so", "never again", "wonderful"];
    const outputs = [];
    for await (const output of judge.map(inputs)) {
      outputs.push(output);
    }
    expect(outputs).toEqual(await Promise.all(inputs.map((input) => judge(input))));
    const settled = [];
    for await (const { status } of judge.mapSettled(["fine", "word ".repeat(9000), "poor"])) {
      settled.push(status);
    }
    expect(settled).toEqual(["fulfilled", "rejected", "fulfilled"]);
  });

  test("saves a program that loads and answers the same", async () => {
    await using judge = await fuzzy(review);
    const path = join(home(), "saved", "review.paw");
    await judge.save(path);
    await using loaded = await load<"good" | "bad">(path);
    expectTypeOf(loaded).toEqualTypeOf<FuzzyFunction<"good" | "bad">>();
    expect(loaded.program).toEqual(judge.program);
    const [before, after] = [await judge.detail("not bad"), await loaded.detail("not bad")];
    expect(after.labels).toEqual(before.labels);
  });

  test("the model stays open as long as one function needs it", async () => {
    const [one, other] = await Promise.all([fuzzy(review), fuzzy({ ...review, name: "other" })]);
    await one.dispose();
    await one.dispose();
    await expect(one("x")).rejects.toMatchObject({ code: "FUZZ_DISPOSED" });
    expect(review.output).toContain(await other("fine"));
    await other[Symbol.asyncDispose]();
    await using again = await fuzzy(review);
    expect(review.output).toContain(await again("fine"));
  });

  test("abstains below its threshold, with what it was told to give instead", async () => {
    const strict = { ...review, minProbability: 1 } as const;
    await using silent = await fuzzy(strict);
    const nothing = await silent("hm");
    expectTypeOf(nothing).toEqualTypeOf<"good" | "bad" | null>();
    expect(nothing).toBe(null);
    await using polite = await fuzzy({ ...strict, otherwise: "unclear" });
    const answer = await polite("hm");
    expectTypeOf(answer).toEqualTypeOf<"good" | "bad" | "unclear">();
    expect(answer).toBe("unclear");
    expect((await polite.detail("hm")).abstained).toBe(true);
  });

  test("a JSON function gives values, a spec alone gives text", async () => {
    await using order = await fuzzy({
      spec: "Take the item and the quantity out of an order.",
      output: {
        type: "object",
        properties: { quantity: { type: "integer" }, fragile: { type: "boolean" } },
        required: ["quantity", "fragile"],
        additionalProperties: false,
      },
    });
    const value = await order("three glass bowls");
    expectTypeOf(value).toEqualTypeOf<{ quantity: number; fragile: boolean }>();
    expect(value).toEqual({ quantity: expect.any(Number), fragile: expect.any(Boolean) });
    await using shout = await fuzzy("Write the text in capital letters.");
    const text = await shout("hello", { maxOutputTokens: 20, whenTooLong: "cut" });
    expectTypeOf(text).toEqualTypeOf<string>();
    expect(typeof text).toBe("string");
  });

  test("a damaged cache is made again", async () => {
    const options = { ...review, name: "damaged" };
    const first = await fuzzy(options);
    const { labels } = await first.detail("fine");
    await first.dispose();
    for (const name of ["programs", "adapters"]) {
      for (const file of await readdir(join(home(), name))) {
        const path = join(home(), name, file);
        const bytes = await readFile(path);
        bytes.fill(7, Math.floor(bytes.length / 2));
        await writeFile(path, bytes);
      }
    }
    let compiled = 0;
    await using again = await fuzzy({ ...options, onCompiled: () => compiled++ });
    expect(compiled).toBe(1);
    expect((await again.detail("fine")).labels).toEqual(labels);
  });

  test.each([
    ["an empty spec", { spec: " " }, "FUZZ_EMPTY_SPEC"],
    ["no spec", {}, "FUZZ_OPTION_INVALID"],
    ["an unknown output", { spec: "a", output: "number" }, "FUZZ_OUTPUT_INVALID"],
    ["an unknown base model", { spec: "a", base: "gpt-9" }, "FUZZ_UNKNOWN_MODEL"],
    [
      "an example of another label",
      { ...review, examples: [{ input: "a", output: "so so" }] },
      "FUZZ_UNKNOWN_LABEL",
    ],
    ["a cancelled compile", { spec: "new", signal: AbortSignal.abort() }, "FUZZ_CANCELLED"],
  ])("refuses %s", async (_name, options, code) => {
    const error = await fuzzy(options as FuzzyOptions).catch((error) => error);
    expect(FuzzError.isInstance(error) && error.code).toBe(code);
  });
});

describe("load", () => {
  test("says what is wrong with a file", async () => {
    const path = join(home(), "bad.paw");
    await writeFile(path, "not a zip");
    await expect(load(path)).rejects.toSatisfy(FuzzError.isInstance);
    await expect(load(join(home(), "none.paw"))).rejects.toMatchObject({
      code: "FUZZ_FILE_NOT_FOUND",
      kind: "resource",
    });
  });
});

describe("exportProgram", () => {
  test.each([1, 0.5, 0])(
    "the full form of a program of scale %d answers as the thin one",
    async (scale) => {
      await using judge = await fuzzy({ ...review, interpreter: "language" });
      const { meta, coefficients, ...texts } = judge.program;
      const thin = {
        ...texts,
        ...(scale > 0 && coefficients ? { coefficients } : {}),
        meta: {
          ...meta,
          adapter: { form: scale > 0 ? ("thin" as const) : ("none" as const), scale },
        },
      };
      const full = await exportProgram(thin, { baseUrl: "http://127.0.0.1:1/base.gguf" });
      const answers = [];
      for (const [name, program] of Object.entries({ thin, full })) {
        const path = join(home(), `${name}.paw`);
        await writeFile(path, await writeProgram(program));
        await using loaded = await load(path);
        answers.push((await loaded.detail("what a surprise")).labels);
      }
      expect(answers[1]?.good).toBeCloseTo(answers[0]?.good as number, 3);
      const read = await readProgram(await writeProgram(full));
      expect(read.coefficients).toBeUndefined();
      expect(read.meta.program_id).toBe(await programId(full));
      expect(read.meta.runtime).toMatchObject({
        manifest_version: 1,
        interpreter: read.meta.interpreter,
        adapter_format: "gguf_lora",
        local_sdk: {
          supported: true,
          base_model: {
            url: "http://127.0.0.1:1/base.gguf",
            size_bytes: 98_362_432,
            sha256: "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
          },
        },
      });
      await expect(
        exportProgram({ ...full, meta: { ...full.meta, format: "official" } }),
      ).rejects.toThrow("can't be exported");
    },
  );
});

describe("the interpreter of a label function", () => {
  test("is the sentence encoder unless another one is asked for", async () => {
    await using judge = await fuzzy(review);
    expect(judge.program.meta.base.name).toBe("e5-small-v2");
    expect(await judge("What a wonderful film, I enjoyed every minute.")).toBe("good");
    const path = join(home(), "review.paw");
    await judge.save(path);
    await using loaded = await load(path);
    expect(await loaded("This was bad, a bad film.")).toBe("bad");
    await using other = await fuzzy({ ...review, interpreter: "language" });
    expect(other.program.meta.base.name).toBe("smollm2-135m-instruct");
  });

  test("a program on the encoder can't be exported, and says how it could", async () => {
    await using judge = await fuzzy(review);
    await expect(exportProgram(judge.program)).rejects.toMatchObject({
      code: "FUZZ_EXPORT_IMPOSSIBLE",
      hint: expect.stringContaining("--interpreter language"),
    });
  });

  test("is refused where it makes no sense", async () => {
    await expect(fuzzy({ spec: "Shout it.", interpreter: "encoder" })).rejects.toMatchObject({
      code: "FUZZ_ENCODER_LABELS_ONLY",
    });
    const wrong = { ...review, interpreter: "oracle" as "encoder" };
    await expect(fuzzy(wrong)).rejects.toMatchObject({ code: "FUZZ_OPTION_INVALID" });
    await using judge = await fuzzy(review);
    const path = join(home(), "encoded.paw");
    await judge.save(path);
    await expect(load(path, { base: "smollm2-135m-instruct" })).rejects.toMatchObject({
      code: "FUZZ_BASE_MISMATCH",
    });
  });
});
