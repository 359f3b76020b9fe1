import { ensureBaseModel, ensureEncoder } from "@fuzzc/interpreter";
import { defaultBaseModel, defaultEncoder, type Progress } from "@fuzzc/models";

/**
 * Runs once before all tests: names the base model and the sentence encoder that they use in FUZZC_TEST_MODEL and
 * FUZZC_TEST_ENCODER, fetching and deriving them into the cache when they are not there. Set a variable beforehand to
 * test on another one.
 */
export default async function setUpModels(): Promise<void> {
  process.env.FUZZC_TEST_MODEL ||= (await ensureBaseModel(defaultBaseModel, { onProgress })).path;
  process.env.FUZZC_TEST_ENCODER ||= (await ensureEncoder(defaultEncoder, { onProgress })).path;
}

function onProgress({ phase, name, bytes }: Progress): void {
  if (bytes === 0) {
    console.error(`${phase} ${name}`);
  }
}
