import { engineVersion, loadEngine } from "@fuzzc/llama";
import {
  catalogue,
  deriveFile,
  findBaseModel,
  type ResolvedModel,
  type ResolveOptions,
  resolveBaseModel,
} from "@fuzzc/models";
import { ensureEncoder } from "./ensure-encoder.ts";

/** A base model that is ready to be opened. */
export interface ReadyModel {
  name: string;
  path: string;
  /** What programs and caches know it by: the checksum of the file it was made from, or `modelKey`. Hex. */
  sourceSha256: string;
  quantisation: string;
}

/** Files that are run as they are, by `general.file_type` of their metadata. */
const ready: Record<string, string> = { "2": "Q4_0", "7": "Q8_0" };

/**
 * Gets a base model, by its name or path, in the quantisation that it is run in. What is fetched and made is cached.
 * @throws FuzzError what `resolveBaseModel`, `loadEngine`, `Engine.quantizeModel` and `deriveFile` throw
 */
export async function ensureBaseModel(
  nameOrPath: string,
  options: ResolveOptions = {},
): Promise<ReadyModel> {
  if (
    (options.catalogue ?? catalogue).some(({ name, encoder }) => encoder && name === nameOrPath)
  ) {
    return ensureEncoder(nameOrPath, options);
  }
  const source = await resolveBaseModel(nameOrPath, options);
  const base = { name: source.name, sourceSha256: source.sha256 };
  const quantisation = await quantisationOf(source, options);
  if (quantisation !== undefined) {
    return { ...base, path: source.path, quantisation };
  }
  const target =
    source.origin === "path" ? "Q8_0" : findBaseModel(source.name, options.catalogue).quantisation;
  const path = await deriveFile({
    ...options,
    sourceSha256: source.sha256,
    name: source.name,
    suffix: `.${target}.llama-${engineVersion}.gguf`,
    make: (file) => loadEngine().quantizeModel(source.path, file, target),
  });
  return { ...base, path, quantisation: target };
}

/** The quantisation of a file that needs no other; files of the catalogue are known to need one. */
async function quantisationOf(
  { origin, path }: ResolvedModel,
  { signal }: ResolveOptions,
): Promise<string | undefined> {
  if (origin !== "path") {
    return undefined;
  }
  await using model = await loadEngine().openModel(path, signal ? { signal } : {});
  return ready[model.metadata("general.file_type") ?? ""];
}
