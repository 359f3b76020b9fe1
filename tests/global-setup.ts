import { loadEngine } from "@fuzzc/llama";
import { defaultBaseModel, deriveFile, findBaseModel, resolveBaseModel } from "@fuzzc/models";

/**
 * Runs once before all tests: names the base model that they use in FUZZC_TEST_MODEL, fetching and deriving it into the
 * cache when it is not there. Set the variable beforehand to test on another one.
 */
export default async function setUpBaseModel(): Promise<void> {
  if (process.env.FUZZC_TEST_MODEL) {
    return;
  }
  const { quantisation } = findBaseModel(defaultBaseModel);
  const base = await resolveBaseModel(defaultBaseModel, {
    onProgress: ({ phase, name, bytes, total }) => {
      if (bytes === 0 || bytes === total) {
        console.error(`${phase} ${name}`);
      }
    },
  });
  process.env.FUZZC_TEST_MODEL = await deriveFile({
    sourceSha256: base.sha256,
    name: base.name,
    suffix: `.${quantisation}.gguf`,
    make: (target) => loadEngine().quantizeModel(base.path, target, quantisation),
  });
}
