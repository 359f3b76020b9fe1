import type { Program } from "@fuzzc/program";
import type { Answer, LoadedProgram, MapOptions, RunOptions } from "./answer.ts";
import { mapInputs, takeAnswers } from "./map-inputs.ts";

/** What every loaded program does with `run`, whatever model it is on. */
export abstract class AnsweringProgram implements LoadedProgram {
  abstract readonly program: Program;

  abstract run(input: string, options?: RunOptions): Promise<Answer>;

  abstract dispose(): Promise<void>;

  /**
   * Answers many inputs as one running batch, in their order; see `mapInputs`. The first error ends it.
   * @throws FuzzError as `run`
   */
  map(
    inputs: Iterable<string> | AsyncIterable<string>,
    options: MapOptions = {},
  ): AsyncGenerator<Answer, void, void> {
    return takeAnswers(this.mapSettled(inputs, options));
  }

  /** As `map`, but an input that can't be answered gives its error in its place, and the others go on. */
  mapSettled(
    inputs: Iterable<string> | AsyncIterable<string>,
    { lookAhead, signal, ...options }: MapOptions = {},
  ): AsyncGenerator<PromiseSettledResult<Answer>, void, void> {
    return mapInputs(inputs, (input, stop) => this.run(input, { ...options, signal: stop }), {
      lookAhead,
      signal,
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }
}
