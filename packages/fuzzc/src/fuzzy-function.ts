import {
  type Answer,
  type LoadedProgram,
  type MapOptions,
  mapInputs,
  type RunOptions,
  takeAnswers,
} from "@fuzzc/interpreter";
import { formatInput, type JsonValue, type Program, writeProgram } from "@fuzzc/program";
import { writeFileAtomically } from "./write-file-atomically.ts";

/** An answer with all that is known about it. */
export type Detail<Output> = Omit<Answer, "output"> & { output: Output };

/**
 * What answers inputs. Calls under way share one batch, so that many at once take little longer than one.
 * @throws FuzzError FUZZ_INPUT_TOO_LONG, FUZZ_OUTPUT_TOO_LONG, FUZZ_CANCELLED, FUZZ_TIMEOUT, FUZZ_DISPOSED
 */
export interface AnsweringFunction<Output, Input = string> extends AsyncDisposable {
  (input: Input, options?: RunOptions): Promise<Output>;
  /** The output with its probability, that of each label, and timings. */
  detail(input: Input, options?: RunOptions): Promise<Detail<Output>>;
  /** Answers many inputs, in their order, each as soon as it is there. The first error ends it. */
  map(
    inputs: Iterable<Input> | AsyncIterable<Input>,
    options?: MapOptions,
  ): AsyncGenerator<Output, void, void>;
  /** As `map`, with what `detail` gives. An input that can't be answered gives its error in its place. */
  mapSettled(
    inputs: Iterable<Input> | AsyncIterable<Input>,
    options?: MapOptions,
  ): AsyncGenerator<PromiseSettledResult<Detail<Output>>, void, void>;
  /** Frees the function, and the base model with the last one. */
  dispose(): Promise<void>;
}

/** A compiled function that is ready to run. */
export interface FuzzyFunction<Output, Input = string> extends AnsweringFunction<Output, Input> {
  /** What it was compiled into. */
  readonly program: Program;
  /** Writes the program to a `.paw` file. */
  save(path: string): Promise<void>;
}

/**
 * Makes the callable of a loaded program.
 * @param release gives back what else it holds.
 * @param finish makes the value that users get of an output, or refuses it; left out, it is taken as it is.
 */
export function makeFunction<Output, Input = string>(
  loaded: LoadedProgram,
  release: () => Promise<void>,
  finish?: (output: JsonValue) => Promise<Output>,
): FuzzyFunction<Output, Input> {
  const { program } = loaded;
  const detail = async (input: Input, options?: RunOptions) => {
    const answer = await loaded.run(formatInput(input, program.meta.inputs), options);
    const output =
      finish === undefined || answer.abstained ? answer.output : await finish(answer.output);
    return { ...answer, output: output as Output };
  };
  const mapSettled: FuzzyFunction<Output, Input>["mapSettled"] = (
    inputs,
    { lookAhead, signal, ...options } = {},
  ) =>
    mapInputs(inputs, (input, stop) => detail(input, { ...options, signal: stop }), {
      lookAhead,
      signal,
    });
  let disposed: Promise<void> | undefined;
  const dispose = () => {
    disposed ??= loaded.dispose().finally(release);
    return disposed;
  };
  const call = async (input: Input, options?: RunOptions) => (await detail(input, options)).output;
  const members = {
    detail,
    async *map(inputs: Iterable<Input> | AsyncIterable<Input>, options?: MapOptions) {
      for await (const { output } of takeAnswers(mapSettled(inputs, options))) {
        yield output;
      }
    },
    mapSettled,
    program,
    async save(path: string) {
      await writeFileAtomically(path, await writeProgram(program));
    },
    dispose,
    [Symbol.asyncDispose]: dispose,
  };
  Object.defineProperty(call, "name", { value: program.meta.name ?? "fuzzy" });
  return Object.assign(call, members);
}
