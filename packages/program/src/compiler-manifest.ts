import { z } from "zod";
import { moduleTensors } from "./adapter.ts";
import { parseWithSchema } from "./parse-with-schema.ts";

// Far above any compiler known; they keep a manifest's numbers from asking for more memory than there is.
const size = z.int().min(1).max(262_144);
const rankSize = z.int().min(1).max(4096);
const layerIndex = z.int().min(0).max(1023);
export const sha256Schema = z.string().regex(/^[a-f0-9]{64}$/, "must be a SHA-256 in hex");

const increasing = (values: readonly (number | string)[]) =>
  values.every((value, i) => i === 0 || (values[i - 1] as typeof value) < value);

const moduleName = z
  .string()
  .refine((name) => Object.hasOwn(moduleTensors, name), "must be a module of the base model");

export const compilerManifestSchema = z.looseObject({
  format: z.literal("fuzzc-compiler-1"),
  name: z.string().min(1).max(100),
  version: z.string().min(1).max(100),
  license: z.string(),
  base: z.looseObject({ name: z.string(), sourceSha256: sha256Schema, quantisation: z.string() }),
  /** As in the base's `general.architecture`. */
  architecture: z.string().min(1).max(63),
  prompt: z.literal("chat-1"),
  features: z.looseObject({
    /** Indices l into hidden states: the input of layer l; the layer count means the last output, before the norm. */
    layers: z.array(layerIndex).min(1),
    combine: z.enum(["mean", "concat"]),
    /** The tokens whose mean is taken: all of the task text, or the last n of the compile prompt. */
    positions: z.union([z.literal("task"), z.strictObject({ last: z.int().min(1).max(4096) })]),
  }),
  trunkSize: size,
  adapter: z
    .looseObject({
      layers: z.array(layerIndex).min(1).refine(increasing, "must increase"),
      modules: z.array(moduleName).min(1).refine(increasing, "must be in alphabetical order"),
      rank: rankSize,
      alpha: z.number().positive(),
      /** N, the number of bases of each module. */
      bases: rankSize,
      /** [dIn, dOut] of each module. */
      dims: z.record(moduleName, z.tuple([size, size])),
    })
    .refine(({ modules, dims }) => modules.every((name) => dims[name] !== undefined), {
      path: ["dims"],
      message: "must give the sizes of every module",
    }),
  heads: size,
  kvHeads: size,
  weights: z.looseObject({
    /** A plain file name beside the manifest. */
    file: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, "must be a plain file name"),
    sha256: sha256Schema,
    sizeBytes: z.int().min(1),
  }),
});

/** What a compiler is made of and for; `manifest.json` beside its weights. */
export type CompilerManifest = z.infer<typeof compilerManifestSchema>;

/**
 * Checks a compiler's manifest.
 * @param value the parsed JSON.
 * @throws FuzzError FUZZ_COMPILER_INVALID
 */
export function readCompilerManifest(value: unknown): CompilerManifest {
  return parseWithSchema(compilerManifestSchema, value, {
    what: "The compiler's manifest",
    code: "FUZZ_COMPILER_INVALID",
    hint: "Install the compiler again.",
  });
}
