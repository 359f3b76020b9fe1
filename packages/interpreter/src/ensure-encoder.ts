import { readFile, writeFile } from "node:fs/promises";
import {
  companionPath,
  convertEncoder,
  defaultEncoder,
  deriveFile,
  findBaseModel,
  modelKey,
  type ResolveOptions,
  readTuning,
  readVocabulary,
  readWeights,
  resolveBaseModel,
} from "@fuzzc/models";
import { FuzzError } from "@fuzzc/program";
import type { ReadyModel } from "./ensure-base-model.ts";

// Part of the derived file's name: changes whenever the conversion does.
const conversion = 1;

/**
 * Gets a sentence encoder, by its name, as the GGUF file that it is run in. What is fetched and made is cached.
 * @throws FuzzError FUZZ_UNKNOWN_MODEL, and what `resolveBaseModel`, `readWeights`, `readVocabulary`, `readTuning`,
 *   `convertEncoder` and `deriveFile` throw
 */
export async function ensureEncoder(
  name: string = defaultEncoder,
  options: ResolveOptions = {},
): Promise<ReadyModel> {
  const model = findBaseModel(name, options.catalogue);
  const { encoder: shape, companions: [words] = [], quantisation } = model;
  if (shape === undefined || words === undefined) {
    throw new FuzzError(`${name} is no sentence encoder`, {
      code: "FUZZ_UNKNOWN_MODEL",
      hint: `Leave it out, or use ${defaultEncoder}.`,
    });
  }
  const source = await resolveBaseModel(name, options);
  const key = modelKey(model);
  const path = await deriveFile({
    ...options,
    sourceSha256: key,
    name,
    suffix: `.${quantisation}.${conversion}.gguf`,
    make: async (target) => {
      const [given, listed, tuning] = await Promise.all([
        readFile(source.path),
        readFile(companionPath(model, words.file, options.env)),
        readTuning(model),
      ]);
      const weights = readWeights(model.file, given);
      const vocabulary = readVocabulary(words.file, listed);
      await writeFile(target, convertEncoder(weights, vocabulary, shape, tuning));
    },
  });
  return { name, path, sourceSha256: key, quantisation };
}
