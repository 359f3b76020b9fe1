import { FuzzError } from "@fuzzc/program";

/** Inputs that are read ahead of the answer that is waited for, unless the caller says otherwise. */
const defaultLookAhead = 32;

/**
 * Answers inputs in their order, many at a time. At most `lookAhead` inputs are under way or answered but not taken, so
 * a slow taker slows down the reading. Whoever stops taking ends what is under way, and the inputs.
 *
 * An answer that is there is given at once, even while the next input is still being waited for.
 */
export async function* mapInputs<Output>(
  inputs: Iterable<string> | AsyncIterable<string>,
  answer: (input: string, signal: AbortSignal) => Promise<Output>,
  lookAhead = defaultLookAhead,
): AsyncGenerator<PromiseSettledResult<Output>, void, void> {
  if (!(Number.isInteger(lookAhead) && lookAhead > 0)) {
    throw new FuzzError(`lookAhead is ${lookAhead}, but must be a whole number above 0`, {
      code: "FUZZ_OUT_OF_RANGE",
    });
  }
  const stop = new AbortController();
  const iterator =
    Symbol.asyncIterator in inputs ? inputs[Symbol.asyncIterator]() : inputs[Symbol.iterator]();
  const underWay: Promise<PromiseSettledResult<Output>>[] = [];
  let asked: Promise<IteratorResult<string>> | undefined;
  let ended = false;
  try {
    for (;;) {
      if (!ended && asked === undefined && underWay.length < lookAhead) {
        asked = Promise.resolve(iterator.next());
      }
      const [first] = underWay;
      if (first === undefined && asked === undefined) {
        return;
      }
      const next = await Promise.race([
        ...(asked === undefined ? [] : [asked.then((input) => ({ input }))]),
        ...(first === undefined ? [] : [first.then((settled) => ({ settled }))]),
      ]);
      if ("settled" in next) {
        underWay.shift();
        yield next.settled;
      } else {
        asked = undefined;
        if (next.input.done) {
          ended = true;
        } else {
          underWay.push(settle(answer(next.input.value, stop.signal)));
        }
      }
    }
  } finally {
    stop.abort();
    if (!ended) {
      // A reader that hangs must not hold up the caller.
      Promise.resolve(iterator.return?.()).catch(() => undefined);
    }
  }
}

function settle<Value>(promise: Promise<Value>): Promise<PromiseSettledResult<Value>> {
  return promise.then(
    (value) => ({ status: "fulfilled", value }),
    (reason: unknown) => ({ status: "rejected", reason }),
  );
}
