import type { BaseModel } from "@fuzzc/models";
import { catalogue, hubUrl } from "@fuzzc/models";
import {
  type Adapter,
  type CompilerManifest,
  FuzzError,
  inputPlaceholder,
  type JsonValue,
  moduleTensors,
  type Program,
  readAdapter,
  writeAdapter,
} from "@fuzzc/program";
import { adapterOf } from "./adapter-of.ts";
import { noCompiler, readManifest } from "./find-compiler.ts";

/** Official clients open the base model with this many tokens. */
const officialContextSize = 2048;

export interface ExportOptions {
  /** Where official clients get the base model from. Default: the hub. */
  baseUrl?: string | undefined;
  /** The compiler that made it, as `load` takes it. */
  compiler?: string | undefined;
}

/**
 * The full form of a program, which official clients run: its whole adapter, at the strength it was compiled for, and
 * the manifest of its base model. They know nothing of labels and thresholds: there, every function gives text.
 * @throws FuzzError FUZZ_EXPORT_IMPOSSIBLE for a program that is not ours, or whose base model is not in the catalogue
 */
export async function exportProgram(
  program: Program,
  { baseUrl, compiler }: ExportOptions = {},
): Promise<Program> {
  const { meta, promptTemplate, pseudoProgram } = program;
  if (meta.format === "official") {
    throw impossible("it is an official one already");
  }
  if (program.prototypes !== undefined) {
    throw impossible(
      "it runs on the sentence encoder, which official clients don't have",
      'Compile it for the language model: fuzzc compile FILE --interpreter language, or the option interpreter: "language".',
    );
  }
  const base = catalogue.find(({ sha256 }) => sha256 === meta.base.source_sha256);
  if (base === undefined) {
    throw impossible(`its base model, ${meta.base.name}, is not in the catalogue`);
  }
  const adapter = await wholeAdapter(program, compiler);
  // Official clients have no encoder to tell inputs by.
  const { in_spec: _, ...rest } = meta;
  return {
    meta: {
      ...rest,
      adapter: { form: "full", scale: 1 },
      runtime: runtimeManifest(base, meta.interpreter, baseUrl ?? hubUrl(base, {})),
    },
    promptTemplate,
    pseudoProgram,
    adapter,
  };
}

/** The adapter with its scale worked in: official clients always apply it at 1. */
async function wholeAdapter(program: Program, compiler?: string): Promise<Uint8Array> {
  // Without a compiler, the default one says how an adapter of the catalogue's base is laid out.
  const manifest = await readManifest(compiler === noCompiler ? undefined : compiler);
  const { form, scale } = program.meta.adapter;
  const bytes = await adapterOf(program, compiler);
  if (bytes === null || scale === 0) {
    return writeAdapter(emptyAdapter(manifest), { type: "F16", headCounts: manifest });
  }
  if (form === "full" && scale === 1) {
    return bytes;
  }
  const adapter = readAdapter(bytes, { headCounts: manifest });
  const scaled = { ...adapter, alpha: adapter.alpha * scale };
  return writeAdapter(scaled, { type: "F16", headCounts: manifest });
}

/** Official clients want an adapter; this one changes nothing. */
function emptyAdapter({ architecture, adapter }: CompilerManifest): Adapter {
  const { layers, modules, rank, alpha, dims } = adapter;
  const module = modules[0] as string;
  const [dIn, dOut] = dims[module] as [number, number];
  const zeros = { a: new Float32Array(rank * dIn), b: new Float32Array(dOut * rank), dIn, dOut };
  const name = `blk.${layers[0]}.${moduleTensors[module]}.weight`;
  return { architecture, rank, alpha, layers: new Map([[name, zeros]]) };
}

function runtimeManifest(
  base: BaseModel,
  interpreter: string,
  url: string,
): { [key: string]: JsonValue } {
  return {
    runtime_id: `${base.name}-${base.sha256.slice(0, 12)}`,
    manifest_version: 1,
    display_name: base.name,
    interpreter,
    adapter_format: "gguf_lora",
    prompt_template: { format: "rendered_text", placeholder: inputPlaceholder },
    program_assets: { adapter_filename: "adapter.gguf", prefix_cache_required: false },
    local_sdk: {
      supported: true,
      base_model: {
        provider: "huggingface",
        repo: base.hub.repository,
        // Official clients cache base models by this name alone.
        file: `${base.sha256.slice(0, 12)}-${base.file}`,
        url,
        size_bytes: base.sizeBytes,
        sha256: base.sha256,
      },
      n_ctx: officialContextSize,
    },
  };
}

function impossible(why: string, hint?: string): FuzzError {
  return new FuzzError(`The program can't be exported: ${why}`, {
    code: "FUZZ_EXPORT_IMPOSSIBLE",
    ...(hint !== undefined && { hint }),
  });
}
