import type { OnFuzzyProgress } from "./progress.ts";

/** What runs a function: the base model, or, labels only, the sentence encoder. */
export type { InterpreterKind } from "@fuzzc/compiler";

/** Where a function runs, and who hears about it. */
export interface SetupOptions {
  /** The base model: a name that `fuzzc models` lists, or the path of a GGUF file. */
  base?: string | undefined;
  /**
   * The compiler that makes it, or made it: a name, or the path of a folder, with a slash in it; "none": from scratch, by
   * examples alone, on any base model. Default: smol.
   */
  compiler?: string | undefined;
  /** Fetch nothing. Default: what `FUZZC_OFFLINE` says. */
  offline?: boolean | undefined;
  onProgress?: OnFuzzyProgress | undefined;
  /** Ends the fetching and compiling. */
  signal?: AbortSignal | undefined;
}
