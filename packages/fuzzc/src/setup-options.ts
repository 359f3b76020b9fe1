import type { OnFuzzyProgress } from "./progress.ts";

/** Where a function runs, and who hears about it. */
export interface SetupOptions {
  /** The base model: a name that `fuzzc models` lists, or the path of a GGUF file. */
  base?: string | undefined;
  /** Fetch nothing. Default: what `FUZZC_OFFLINE` says. */
  offline?: boolean | undefined;
  onProgress?: OnFuzzyProgress | undefined;
  /** Ends the fetching and compiling. */
  signal?: AbortSignal | undefined;
}
