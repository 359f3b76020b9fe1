import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Answer, LoadedProgram } from "./answer.ts";
import {
  copied,
  copy,
  makeAdapter,
  makeRandom,
  openTestInterpreter,
  triage,
} from "./interpreter.fixture.ts";
import type { Interpreter } from "./interpreter.ts";

/** See interpreter.test.ts; here programs push each other's tokens about, so that more of them stand in another order. */
const tolerance = 0.06;
/** A stronger one would make much of the smallest difference. */
const adapterStrength = 0.5;
const full = { form: "full", scale: 1 } as const;

/** Room for little more than one program at a time, so that programs push each other out. */
const tight = { contextSize: 512, sequences: 7 };

describe("Scheduler", () => {
  let interpreter: Interpreter;
  let programs: LoadedProgram[];

  beforeAll(async () => {
    interpreter = await openTestInterpreter(tight);
    programs = [
      await interpreter.load(triage(), null),
      await interpreter.load(
        triage({ adapter: full }),
        makeAdapter(interpreter, 1, adapterStrength),
      ),
      await interpreter.load(copy(), null),
    ];
  });
  afterAll(() => interpreter.dispose());

  it("answers in turn, with little room, what it answers alone, whatever is cancelled meanwhile", async () => {
    const alone = new Map<string, Answer>();
    const tasks = programs.flatMap((program, index) =>
      copied.slice(0, 3).map((input) => ({ program, input, key: `${index} ${input}` })),
    );
    for (const { program, input, key } of tasks) {
      alone.set(key, await program.run(input));
    }
    const random = makeRandom(7);
    const outcomes = await Promise.all(
      [...tasks, ...tasks, ...tasks].map(async ({ program, input, key }) => {
        const controller = new AbortController();
        const isCancelled = random() < 0.3;
        const timer = isCancelled
          ? setTimeout(() => controller.abort(), random() * 1500)
          : undefined;
        try {
          const answer = await program.run(input, { signal: controller.signal });
          return { key, isCancelled, answer, error: undefined };
        } catch (error) {
          return { key, isCancelled, answer: undefined, error };
        } finally {
          clearTimeout(timer);
        }
      }),
    );
    for (const { key, isCancelled, answer, error } of outcomes) {
      if (answer === undefined) {
        expect(isCancelled).toBe(true);
        expect(error).toMatchObject({ code: "FUZZ_CANCELLED" });
        continue;
      }
      const expected = alone.get(key) as Answer;
      expect(Math.abs(answer.probability - expected.probability)).toBeLessThan(tolerance);
      if (expected.labels === undefined) {
        expect(answer.text).toBe(expected.text);
      }
    }
    // Nothing was lost on the way: an input that needs all the room still finds it.
    const program = programs[0] as LoadedProgram;
    const error = await program.run("word ".repeat(600)).catch((reason) => reason);
    const [, tokens, over] = /has (\d+) tokens, (\d+) more/.exec(error.message) ?? [];
    expect(await program.run("word ".repeat(Number(tokens) - Number(over) - 1))).toBeDefined();
  });

  it("lets a program with one input pass one with many", async () => {
    const [many, , one] = programs as [LoadedProgram, LoadedProgram, LoadedProgram];
    const order: string[] = [];
    const first = Array.from({ length: 40 }, (_, index) =>
      many.run(`message ${index}`).then(() => order.push("many")),
    );
    const second = one.run("11:30").then(() => order.push("one"));
    await Promise.all([...first, second]);
    expect(order.indexOf("one")).toBeLessThan(20);
  });

  it("ends a call with its signal or its time, before, while waiting and while running", async () => {
    const [first, , third] = programs as [LoadedProgram, LoadedProgram, LoadedProgram];
    await expect(first.run("x", { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "FUZZ_CANCELLED",
      kind: "cancelled",
    });
    await expect(third.run("x ".repeat(60), { timeoutMs: 1 })).rejects.toMatchObject({
      code: "FUZZ_TIMEOUT",
      kind: "cancelled",
    });
    await expect(first.run("x", { timeoutMs: -1 })).rejects.toMatchObject({
      code: "FUZZ_OUT_OF_RANGE",
    });
    await expect(first.run("x", { maxOutputTokens: 0 })).rejects.toMatchObject({
      code: "FUZZ_OUT_OF_RANGE",
    });
    expect((await third.run("11:30")).text).toBe("11:30");
  });

  it("gives a batch in order, and goes on after an input that can't be answered", async () => {
    const [program] = programs as [LoadedProgram];
    const inputs = ["ok", "word ".repeat(600), "Nobody can log in!"];
    const results: string[] = [];
    for await (const result of program.mapSettled(inputs)) {
      results.push(result.status === "fulfilled" ? "answer" : result.reason.code);
    }
    expect(results).toEqual(["answer", "FUZZ_INPUT_TOO_LONG", "answer"]);
    const take = async () => {
      for await (const _ of program.map(inputs)) {
        // Nothing to do with it.
      }
    };
    await expect(take()).rejects.toMatchObject({ code: "FUZZ_INPUT_TOO_LONG" });
  });

  it("scores more labels than there are sequences", async () => {
    const labels = Array.from({ length: 20 }, (_, index) => `label ${index + 1}`);
    await using few = await interpreter.load(triage({ output: { type: "labels", labels } }), null);
    await using roomy = await openTestInterpreter();
    await using many = await roomy.load(triage({ output: { type: "labels", labels } }), null);
    const [a, b] = [await few.run("ok"), await many.run("ok")];
    expect(Object.values(a.labels ?? {}).reduce((sum, one) => sum + one)).toBeCloseTo(1, 6);
    for (const label of labels) {
      expect(Math.abs((a.labels?.[label] ?? 0) - (b.labels?.[label] ?? 1))).toBeLessThan(tolerance);
    }
  });

  it("ends calls under way when their program or the interpreter is disposed", async () => {
    const own = await openTestInterpreter(tight);
    const first = await own.load(triage({ adapter: full }), makeAdapter(own, 1, adapterStrength));
    const second = await own.load(copy(), null);
    const ended = first.run("ok").catch((error) => error.code);
    const going = second.run("11:30");
    await first.dispose();
    expect(await ended).toBe("FUZZ_DISPOSED");
    expect((await going).text).toBe("11:30");
    await expect(first.run("ok")).rejects.toMatchObject({ code: "FUZZ_DISPOSED" });
    // The pass that was under way left nothing wrong behind.
    const again = await own.load(triage({ adapter: full }), makeAdapter(own, 1, adapterStrength));
    const expected = await (programs[1] as LoadedProgram).run("ok");
    const answer = await again.run("ok");
    expect(Math.abs(answer.probability - expected.probability)).toBeLessThan(tolerance);
    const last = second.run("11:30").catch((error) => error.code);
    await own.dispose();
    expect(await last).toBe("FUZZ_DISPOSED");
    await expect(second.run("11:30")).rejects.toMatchObject({ code: "FUZZ_DISPOSED" });
    await expect(own.load(copy(), null)).rejects.toMatchObject({ code: "FUZZ_DISPOSED" });
  });
});
