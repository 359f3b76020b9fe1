import { FuzzError } from "@fuzzc/program";

/** Inputs that are read ahead of the answer that is waited for, unless the caller says otherwise. */
const defaultLookAhead = 32;

export interface MapInputsOptions {
  lookAhead?: number | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * The answers alone; the first error ends them.
 * @throws what the rejected one was rejected with
 */
export async function* takeAnswers<Output>(
  results: AsyncIterable<PromiseSettledResult<Output>>,
): AsyncGenerator<Output, void, void> {
  for await (const result of results) {
    if (result.status === "rejected") {
      throw result.reason;
    }
    yield result.value;
  }
}

/**
 * Answers inputs in their order, many at a time. At most `lookAhead` inputs are under way or answered but not taken, so
 * a slow taker slows down the reading. Whoever stops taking ends what is under way, and the inputs.
 *
 * An answer that is there is given at once, even while the next input is still being waited for.
 * @throws FuzzError FUZZ_OUT_OF_RANGE, FUZZ_CANCELLED while it waits for an input, and whatever the inputs throw, after
 * the answers to those before
 */
export async function* mapInputs<Input, Output>(
  inputs: Iterable<Input> | AsyncIterable<Input>,
  answer: (input: Input, signal: AbortSignal) => Promise<Output>,
  { lookAhead = defaultLookAhead, signal }: MapInputsOptions = {},
): AsyncGenerator<PromiseSettledResult<Output>, void, void> {
  if (!(Number.isInteger(lookAhead) && lookAhead > 0)) {
    throw new FuzzError(`lookAhead is ${lookAhead}, but must be a whole number above 0`, {
      code: "FUZZ_OUT_OF_RANGE",
    });
  }
  const reader = new InputReader(inputs, signal);
  const stop = new AbortController();
  const abort = () => stop.abort(signal?.reason);
  signal?.addEventListener("abort", abort, { once: true });
  if (signal?.aborted) {
    abort();
  }
  const underWay: Promise<PromiseSettledResult<Output>>[] = [];
  try {
    for (;;) {
      const asked = underWay.length < lookAhead ? reader.next() : undefined;
      const [first] = underWay;
      if (first === undefined && asked === undefined) {
        break;
      }
      const next = await Promise.race([
        ...(first === undefined ? [] : [first.then((settled) => ({ settled }))]),
        ...(asked === undefined ? [] : [asked.then((read) => ({ read }))]),
      ]);
      if ("settled" in next) {
        underWay.shift();
        yield next.settled;
      } else {
        reader.take();
        if (next.read !== undefined) {
          underWay.push(settle(answer(next.read.input, stop.signal)));
        }
      }
    }
    reader.throwFailure();
  } finally {
    signal?.removeEventListener("abort", abort);
    stop.abort();
    reader.close();
  }
}

/** Reads inputs one by one, and remembers one that was asked for until it is taken. */
class InputReader<Input> {
  readonly #iterator: Iterator<Input> | AsyncIterator<Input>;
  readonly #signal: AbortSignal | undefined;
  #asked: Promise<{ input: Input } | undefined> | undefined;
  #ended = false;
  #failure: { reason: unknown } | undefined;

  constructor(inputs: Iterable<Input> | AsyncIterable<Input>, signal: AbortSignal | undefined) {
    this.#iterator =
      Symbol.asyncIterator in inputs ? inputs[Symbol.asyncIterator]() : inputs[Symbol.iterator]();
    this.#signal = signal;
  }

  /** The next input, always the same one until it is taken; resolves to undefined at the end, and is undefined after it. */
  next(): Promise<{ input: Input } | undefined> | undefined {
    if (this.#ended) {
      return undefined;
    }
    this.#asked ??= this.#read();
    return this.#asked;
  }

  take(): void {
    this.#asked = undefined;
  }

  /** @throws what the inputs threw. */
  throwFailure(): void {
    if (this.#failure !== undefined) {
      throw this.#failure.reason;
    }
  }

  close(): void {
    if (!this.#ended) {
      this.#ended = true;
      // An input that never comes must not hold up the caller.
      (async () => this.#iterator.return?.())().catch(() => undefined);
    }
  }

  async #read(): Promise<{ input: Input } | undefined> {
    try {
      const { value, done } = await this.#unlessAborted((async () => this.#iterator.next())());
      this.#ended ||= done === true;
      return done === true ? undefined : { input: value };
    } catch (reason) {
      this.#failure = { reason };
      this.#ended = true;
      return undefined;
    }
  }

  /** Waits for an input, but not past the abort: a reader may wait for ever. */
  async #unlessAborted<Value>(input: Promise<Value>): Promise<Value> {
    const signal = this.#signal;
    if (signal === undefined) {
      return input;
    }
    let abort: (() => void) | undefined;
    const aborted = new Promise<never>((_, reject) => {
      abort = () =>
        reject(
          new FuzzError("The call was cancelled", {
            code: "FUZZ_CANCELLED",
            kind: "cancelled",
            cause: signal.reason,
          }),
        );
      signal.addEventListener("abort", abort, { once: true });
      if (signal.aborted) {
        abort();
      }
    });
    try {
      return await Promise.race([input, aborted]);
    } finally {
      signal.removeEventListener("abort", abort as () => void);
    }
  }
}

function settle<Value>(promise: Promise<Value>): Promise<PromiseSettledResult<Value>> {
  return promise.then(
    (value) => ({ status: "fulfilled", value }),
    (reason: unknown) => ({ status: "rejected", reason }),
  );
}
