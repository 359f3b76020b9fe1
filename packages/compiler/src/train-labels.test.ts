import { type EncoderInterpreter, openEncoderInterpreter } from "@fuzzc/interpreter";
import { testEncoderPath } from "@fuzzc/llama";
import { readProgram, writeProgram } from "@fuzzc/program";
import { afterAll, beforeAll, expect, test } from "vitest";
import { compileProgram } from "./compile-function.ts";

// A little word instead of a topic, under names that say nothing: only training tells them apart.
const animals = ["dog", "cat", "horse", "goose", "fox", "owl", "cow", "pig", "hen", "goat", "duck"];
const examples = animals.flatMap((animal) => [
  { input: `a ${animal} by the road`, output: "zub" },
  { input: `the ${animal} by the road`, output: "kor" },
]);
const request = {
  spec: "Sort texts into zub and kor.",
  output: { type: "labels" as const, labels: ["zub", "kor"] },
  examples,
};

let encoder: EncoderInterpreter;
beforeAll(async () => {
  const base = { name: "e5-small-v2", source_sha256: "0".repeat(64), quantisation: "Q8_0" };
  encoder = await openEncoderInterpreter({ modelPath: testEncoderPath(), base, threads: 1 });
});
afterAll(() => encoder?.dispose());

test("-O2 trains the encoder, and says what it came to", async () => {
  const stages = new Set<string>();
  const { program, report } = await compileProgram(request, {
    encoder,
    kind: "encoder",
    level: "O2",
    onProgress: ({ stage }) => stages.add(stage),
  });
  expect(stages).toContain("training");
  expect(report.training?.winner).toBe("training");
  expect(report.heldBack?.total).toBe(4);
  expect(report.summary).toMatch(/^-O2: \d of 4 held-back examples right after \d+ updates in/);
  expect(program.adapter?.length).toBeLessThan(300_000);
  const read = await readProgram(await writeProgram(program));
  await using loaded = await encoder.load(read);
  expect((await loaded.run("the sheep by the road")).output).toBe("kor");
  expect((await loaded.run("a sheep by the road")).output).toBe("zub");
});

test("-O2 keeps -O1 where training answers no more, was stopped before it learned, or has few examples", async () => {
  const options = { encoder, kind: "encoder" as const };
  const prompted = await compileProgram(request, { ...options, level: "O1" });
  const stopped = await compileProgram(request, {
    ...options,
    level: "O2",
    training: { stop: AbortSignal.abort() },
  });
  expect(stopped.report.training).toBeUndefined();
  expect(stopped.program.adapter).toBeUndefined();
  expect(stopped.program.prototypes).toEqual(prompted.program.prototypes);

  const few = { ...request, examples: examples.slice(0, 8) };
  const { report } = await compileProgram(few, { ...options, level: "O2" });
  expect(report.training).toBeUndefined();

  const shuffled = examples.map(({ input }, index) => ({
    input,
    // Nothing that is true of some of these is true of the others.
    output: [0, 3, 5, 6].includes(index % 8) ? "zub" : "kor",
  }));
  const kept = await compileProgram(
    { ...request, examples: shuffled },
    { ...options, level: "O2" },
  );
  expect(kept.report.training?.winner).toBe("prompt");
  expect(kept.program.adapter).toBeUndefined();
  expect(kept.report.summary).toContain("-O1, which was kept");
});
