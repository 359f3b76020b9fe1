import type { FuzzyInput, JsonValue } from "@fuzzc/program";
import type { AnsweringFunction, FuzzyFunction } from "./fuzzy-function.ts";
import { load } from "./load.ts";
import { openOnce } from "./open-once.ts";
import type { SetupOptions } from "./setup-options.ts";

/** A function in a module: it is loaded at its first call, so that importing it costs nothing. */
export interface LazyFunction<Output, Input = string> extends AnsweringFunction<Output, Input> {
  /** Loads it ahead of the first call, or for what else a loaded function can do. */
  load(): Promise<FuzzyFunction<Output, Input>>;
}

/**
 * The function of a program at a `file:` or `data:` URL, loaded at its first call, and once more at a call after
 * `dispose`. It is what the modules that `fuzzc build` writes export. `Output` and `Input` are not checked.
 * @throws FuzzError at the calls, what `load` throws
 */
export function loadOnCall<Output extends JsonValue = JsonValue, Input extends FuzzyInput = string>(
  url: URL,
  options?: SetupOptions,
): LazyFunction<Output, Input> {
  const { open, dispose } = openOnce(() => load<Output, Input>(url, options));
  // All of it but the call itself.
  const members: Omit<LazyFunction<Output, Input>, never> = {
    load: open,
    detail: async (input, run) => (await open()).detail(input, run),
    async *map(inputs, run) {
      yield* (await open()).map(inputs, run);
    },
    async *mapSettled(inputs, run) {
      yield* (await open()).mapSettled(inputs, run);
    },
    dispose,
    [Symbol.asyncDispose]: dispose,
  };
  const call: (...given: Parameters<LazyFunction<Output, Input>>) => Promise<Output> = async (
    ...given
  ) => (await open())(...given);
  return Object.assign(call, members);
}
