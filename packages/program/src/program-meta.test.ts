import fc from "fast-check";
import { expect, test } from "vitest";
import { FuzzError } from "./errors.ts";
import type { JsonValue } from "./json-value.ts";
import { checkProgramMeta, type ProgramMeta } from "./program-meta.ts";
import { readOfficialMeta } from "./read-official-meta.ts";
import { sampleProgram } from "./sample-program.fixture.ts";

const { meta } = sampleProgram();

test("a meta is kept as it is, further keys too", () => {
  const more = {
    ...meta,
    later: { key: [1] },
    adapter: { ...meta.adapter, note: "x" },
    measured: { level: "O1", examples: 8, score: 0.75, learned: true, by: "exact", extra: 1 },
  };
  expect(checkProgramMeta(more)).toEqual(more);
});

test("otherwise may be null, any JSON, or absent", () => {
  expect(checkProgramMeta({ ...meta, otherwise: null }).otherwise).toBeNull();
  expect(checkProgramMeta({ ...meta, otherwise: { a: [1] } }).otherwise).toEqual({ a: [1] });
  const { otherwise: _, ...without } = meta;
  expect("otherwise" in checkProgramMeta(without)).toBe(false);
});

test.each<[string, object]>([
  ["an id that is not hex", { program_id: "g".repeat(64) }],
  ["a short id", { program_id: "abc" }],
  ["another format", { format: "fuzzc-2" }],
  ["no spec", { spec: undefined }],
  ["no labels", { output: { type: "labels", labels: [] } }],
  ["a label twice", { output: { type: "labels", labels: ["a", "a", "b"] } }],
  ["an empty label", { output: { type: "labels", labels: ["", "a", "b"] } }],
  ["another type of output", { output: { type: "number" } }],
  ["a schema that is no object", { output: { type: "json", schema: [] }, label_bias: undefined }],
  ["one bias for three labels", { label_bias: [1] }],
  ["biases for a text function", { output: { type: "text" } }],
  ["a bias that is no number", { label_bias: [0, 0, Number.NaN] }],
  ["a probability above 1", { thresholds: { min_probability: 1.5 } }],
  ["an unknown form", { adapter: { form: "fat", scale: 1 } }],
  ["an infinite scale", { adapter: { form: "thin", scale: Infinity } }],
  ["a thin form without compiler", { compiler: undefined }],
  ["a base without checksum", { base: { ...meta.base, source_sha256: "12" } }],
  ["an example without output", { examples: [{ input: "a" }] }],
  ["an otherwise that JSON can't hold", { otherwise: () => 1 }],
])("%s is refused", (_, change) => {
  expect(() => checkProgramMeta({ ...meta, ...change })).toThrow(
    expect.objectContaining({ code: "FUZZ_PROGRAM_INVALID" }),
  );
});

test("an error names the key", () => {
  expect(() => checkProgramMeta({ ...meta, base: { ...meta.base, name: 3 } })).toThrow(
    /meta\.json.*base\.name/,
  );
});

test("any JSON gives a meta or a FuzzError, as ours or as an official one", () => {
  const key = fc.constantFrom(...Object.keys(meta), "runtime", "measured");
  const change = fc.dictionary(key, fc.jsonValue(), { maxKeys: 3 });
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), change), (value) => {
      const changed = value !== null && typeof value === "object" ? { ...meta, ...value } : value;
      for (const read of [
        checkProgramMeta,
        (json: unknown) => readOfficialMeta(json as JsonValue),
      ]) {
        for (const candidate of [value, changed]) {
          try {
            expect(read(candidate).program_id).toMatch(/^[a-f0-9]{16,64}$/);
          } catch (error) {
            expect(FuzzError.isInstance(error), String(error)).toBe(true);
          }
        }
      }
    }),
  );
});

test("an official meta becomes a text function with its whole adapter", () => {
  const sha256 = "C".repeat(64);
  const official = {
    program_id: "94f4ca7b5b7973f5b407",
    interpreter: "Qwen/Qwen3-0.6B",
    runtime: { runtime_id: "r", local_sdk: { base_model: { file: "base.gguf", sha256 } } },
    other: [1],
  };
  expect(readOfficialMeta(official)).toEqual({
    ...official,
    format: "official",
    spec: "",
    output: { type: "text" },
    examples: [],
    thresholds: { min_probability: 0 },
    adapter: { form: "full", scale: 1 },
    base: { name: "base.gguf", source_sha256: "c".repeat(64), quantisation: "" },
    created_by: "official",
  } satisfies ProgramMeta & { other: number[] });
});

test("the least official meta names its base by its interpreter", () => {
  const least = { program_id: "0123456789abcdef", interpreter: "gpt2", runtime_id: "gpt2-q8_0" };
  const read = readOfficialMeta({ ...least, spec: null });
  expect(read.base).toEqual({ name: "gpt2", source_sha256: "", quantisation: "" });
  expect(read.spec).toBe("");
  expect(read.runtime_id).toBe("gpt2-q8_0");
});
