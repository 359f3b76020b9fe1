import fc from "fast-check";
import { expect, test } from "vitest";
import { readCompilerManifest } from "./compiler-manifest.ts";
import { FuzzError } from "./errors.ts";
import { sampleCompiler } from "./sample-compiler.fixture.ts";

const { manifest } = sampleCompiler();

test("a manifest is kept as it is, further keys too", () => {
  expect(readCompilerManifest(JSON.parse(JSON.stringify(manifest)))).toEqual(manifest);
  expect(manifest.training).toEqual({ cases: 1 });
});

test("positions may be the last few", () => {
  const features = { ...manifest.features, combine: "mean", positions: { last: 64 } };
  expect(readCompilerManifest({ ...manifest, features }).features.positions).toEqual({ last: 64 });
});

const { adapter, weights, features } = manifest;
test.each<[string, object]>([
  ["another format", { format: "fuzzc-compiler-2" }],
  ["another prompt", { prompt: "chat-2" }],
  ["layers out of order", { adapter: { ...adapter, layers: [4, 3] } }],
  ["a layer twice", { adapter: { ...adapter, layers: [3, 3] } }],
  ["modules out of order", { adapter: { ...adapter, modules: ["q_proj", "k_proj"] } }],
  ["an unknown module", { adapter: { ...adapter, modules: ["constructor"] } }],
  ["a module without sizes", { adapter: { ...adapter, modules: ["k_proj", "q_proj", "v_proj"] } }],
  ["no bases", { adapter: { ...adapter, bases: 0 } }],
  ["half a rank", { adapter: { ...adapter, rank: 1.5 } }],
  ["a rank beyond all memory", { adapter: { ...adapter, rank: 2 ** 40 } }],
  ["alpha of 0", { adapter: { ...adapter, alpha: 0 } }],
  ["no feature layers", { features: { ...features, layers: [] } }],
  ["other positions", { features: { ...features, positions: "all" } }],
  ["weights in another folder", { weights: { ...weights, file: "../weights.gguf" } }],
  ["weights at an address", { weights: { ...weights, file: "a:b" } }],
  ["weights without checksum", { weights: { ...weights, sha256: "" } }],
])("%s is refused", (_, change) => {
  expect(() => readCompilerManifest({ ...manifest, ...change })).toThrow(
    expect.objectContaining({ code: "FUZZ_COMPILER_INVALID" }),
  );
});

test("any JSON gives a manifest or a FuzzError", () => {
  const key = fc.constantFrom(...Object.keys(manifest));
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), fc.dictionary(key, fc.jsonValue())), (value) => {
      const isObject = typeof value === "object" && value !== null;
      for (const candidate of [value, isObject ? { ...manifest, ...value } : value]) {
        try {
          readCompilerManifest(candidate);
        } catch (error) {
          expect(FuzzError.isInstance(error), String(error)).toBe(true);
        }
      }
    }),
  );
});
