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
  resolveBaseModel,
} from "@fuzzc/models";
import { FuzzError } from "@fuzzc/program";
import type { ReadyModel } from "./ensure-base-model.ts";

// Part of the derived file's name: changes whenever the conversion does.
const conversion = 1;

/**
 * Gets a sentence encoder, by its name, as the GGUF file that it is run in. What is fetched and made is cached.
 * @throws FuzzError FUZZ_UNKNOWN_MODEL, and what `resolveBaseModel`, `readTuning`, `convertEncoder` and `deriveFile` throw
 */
export async function ensureEncoder(
  name: string = defaultEncoder,
  options: ResolveOptions = {},
): Promise<ReadyModel> {
  const model = findBaseModel(name, options.catalogue);
  const { encoder, companions: [vocabulary] = [], quantisation } = model;
  if (encoder === undefined || vocabulary === undefined) {
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
      const [weights, words, tuning] = await Promise.all([
        readFile(source.path),
        readFile(companionPath(model, vocabulary.file, options.env)),
        readTuning(model),
      ]);
      await writeFile(target, convertEncoder(weights, words, encoder, tuning));
    },
  });
  return { name, path, sourceSha256: key, quantisation };
}
