import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mapInputs } from "./map-inputs.ts";

/** Inputs that note how many were taken and whether the taker gave up. */
function watchInputs(inputs: readonly string[]) {
  const seen = { taken: 0, closed: false };
  async function* give() {
    try {
      for (const input of inputs) {
        seen.taken++;
        yield input;
      }
    } finally {
      seen.closed = true;
    }
  }
  return { seen, inputs: give() };
}

const ticks = async (count: number) => {
  for (let tick = 0; tick < count; tick++) {
    await new Promise(setImmediate);
  }
};

async function collect<Value>(
  results: AsyncIterable<PromiseSettledResult<Value>>,
): Promise<(Value | string)[]> {
  const values: (Value | string)[] = [];
  for await (const result of results) {
    values.push(result.status === "fulfilled" ? result.value : `${result.reason}`);
  }
  return values;
}

describe("mapInputs", () => {
  it("keeps the order, whatever takes how long, and never has more under way than it may", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(4), { maxLength: 20 }),
        fc.integer({ min: 1, max: 5 }),
        fc.boolean(),
        async (delays, lookAhead, isAsync) => {
          let underWay = 0;
          let most = 0;
          const answer = async (input: string) => {
            underWay++;
            most = Math.max(most, underWay);
            await ticks(Number(input));
            underWay--;
            return `${input}!`;
          };
          const inputs = delays.map(String);
          const source = isAsync ? watchInputs(inputs).inputs : inputs;
          const values = await collect(mapInputs(source, answer, { lookAhead }));
          expect(values).toEqual(inputs.map((input) => `${input}!`));
          expect(most).toBeLessThanOrEqual(lookAhead);
        },
      ),
      { numRuns: 50 },
    ));

  it("reads no further than it may while nobody takes", async () => {
    const { seen, inputs } = watchInputs(Array.from({ length: 100 }, String));
    const results = mapInputs(inputs, async (input) => input, { lookAhead: 5 });
    await results.next();
    await ticks(20);
    expect(seen.taken).toBeLessThanOrEqual(6);
    await results.return();
    await ticks(2);
    expect(seen.closed).toBe(true);
  });

  it("gives an answer while the next input is still to come", async () => {
    async function* slow() {
      yield "first";
      await new Promise(() => {});
    }
    const results = mapInputs(slow(), async (input) => input);
    expect(await results.next()).toMatchObject({ value: { value: "first" } });
    await results.return();
  });

  it("gives errors in their place", async () => {
    const answer = async (input: string) => {
      if (input === "b") {
        throw new Error("no b");
      }
      return input;
    };
    expect(await collect(mapInputs(["a", "b", "c"], answer))).toEqual(["a", "Error: no b", "c"]);
  });

  it("throws what the inputs throw, after the answers to those before", async () => {
    async function* broken() {
      yield "a";
      throw new Error("no more");
    }
    const values: unknown[] = [];
    const take = async () => {
      for await (const result of mapInputs(broken(), async (input) => input)) {
        values.push(result);
      }
    };
    await expect(take()).rejects.toThrow("no more");
    expect(values).toHaveLength(1);
  });

  it("ends what is under way when the taker stops", async () => {
    const signals: AbortSignal[] = [];
    const answer = async (input: string, signal: AbortSignal) => {
      signals.push(signal);
      await ticks(1);
      return input;
    };
    for await (const _ of mapInputs(["a", "b", "c"], answer)) {
      break;
    }
    expect(signals).toHaveLength(3);
    expect(signals.every(({ aborted }) => aborted)).toBe(true);
  });

  it("ends with its signal, also while it waits for an input that never comes", async () => {
    async function* never() {
      await new Promise(() => {});
      yield "";
    }
    const controller = new AbortController();
    const next = mapInputs(never(), async (input) => input, { signal: controller.signal }).next();
    controller.abort();
    await expect(next).rejects.toMatchObject({ code: "FUZZ_CANCELLED" });
  });

  it("refuses a look-ahead of nothing", async () => {
    await expect(
      mapInputs([], async (input) => input, { lookAhead: 0 }).next(),
    ).rejects.toMatchObject({ code: "FUZZ_OUT_OF_RANGE" });
  });
});
