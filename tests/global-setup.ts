import { ensureBaseModel } from "@fuzzc/interpreter";
import { defaultBaseModel } from "@fuzzc/models";

/**
 * Runs once before all tests: names the base model that they use in FUZZC_TEST_MODEL, fetching and deriving it into the
 * cache when it is not there. Set the variable beforehand to test on another one.
 */
export default async function setUpBaseModel(): Promise<void> {
  if (process.env.FUZZC_TEST_MODEL) {
    return;
  }
  const { path } = await ensureBaseModel(defaultBaseModel, {
    onProgress: ({ phase, name, bytes }) => {
      if (bytes === 0) {
        console.error(`${phase} ${name}`);
      }
    },
  });
  process.env.FUZZC_TEST_MODEL = path;
}
