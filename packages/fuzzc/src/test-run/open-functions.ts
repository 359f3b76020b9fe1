import type { FuzzyInput, JsonValue } from "@fuzzc/program";
import type { FuzzyFunction } from "../fuzzy-function.ts";
import { type OpenOptions, openTarget } from "../open-target.ts";
import type { FuzzFile } from "../parse-fuzz-file.ts";

/** Opens functions one after another, and holds the last one of each model, so that the model stays open as well. */
export class OpenFunctions implements AsyncDisposable {
  readonly #held = new Map<string, AsyncDisposable>();
  readonly #options: OpenOptions;

  constructor(options: OpenOptions) {
    this.#options = options;
  }

  /** The function of a file, until the next one of its model is opened. */
  async open(source: FuzzFile): Promise<FuzzyFunction<JsonValue, FuzzyInput>> {
    const answer = await openTarget({ kind: "source", source }, this.#options);
    const model = answer.program.meta.base.source_sha256;
    await this.#held.get(model)?.[Symbol.asyncDispose]();
    this.#held.set(model, answer);
    return answer;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const answer of this.#held.values()) {
      await answer[Symbol.asyncDispose]();
    }
    this.#held.clear();
  }
}
