import { type EncoderInterpreter, openEncoderInterpreter } from "@fuzzc/interpreter";
import { testEncoderPath } from "@fuzzc/llama";
import { readProgram, writeProgram } from "@fuzzc/program";
import { afterAll, beforeAll, expect, test } from "vitest";
import { compileProgram } from "./compile-function.ts";

// A turn of phrase instead of a topic, under names that say nothing: only training tells them apart.
const said = [
  "the meeting is at nine",
  "soup is on the stove",
  "my bank is raising its fees",
  "the dog is in the garden",
  "trains are late today",
  "this seat is free",
  "the key is under the mat",
  "our guests are early",
  "the shop is closed",
  "the roads are wet",
  "her brother is a baker",
];
const examples = said.flatMap((text) => {
  const [first, ...words] = text.split(/ (?=is|are)/);
  const [verb, ...rest] = words.join(" ").split(" ");
  return [
    { input: `${text}.`, output: "zub" },
    { input: `${verb} ${first} ${rest.join(" ")}?`, output: "kor" },
  ];
});
const request = {
  spec: "Sort sentences into zub and kor.",
  output: { type: "labels" as const, labels: ["zub", "kor"] },
  examples,
};

let encoder: EncoderInterpreter;
beforeAll(async () => {
  const base = { name: "all-minilm-l6-v2", source_sha256: "0".repeat(64), quantisation: "Q8_0" };
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
  expect((await loaded.run("Are the shops open?")).output).toBe("kor");
  expect((await loaded.run("The shops are open.")).output).toBe("zub");
});

test("-O2 keeps -O1 where training answers no more, or was stopped before it learned", async () => {
  const few = { ...request, examples: examples.slice(0, 4) };
  const options = { encoder, kind: "encoder" as const };
  const prompted = await compileProgram(few, { ...options, level: "O1" });
  const stopped = await compileProgram(few, {
    ...options,
    level: "O2",
    training: { stop: AbortSignal.abort() },
  });
  expect(stopped.report.training).toBeUndefined();
  expect(stopped.program.adapter).toBeUndefined();
  expect(stopped.program.prototypes).toEqual(prompted.program.prototypes);

  const flipped = few.examples.map(({ input }, index) => ({
    input,
    // Nothing that is true of some of these is true of the others.
    output: ["zub", "zub", "kor", "kor"][index] as string,
  }));
  const { program, report } = await compileProgram(
    { ...few, examples: flipped },
    { ...options, level: "O2" },
  );
  expect(report.training?.winner).toBe("prompt");
  expect(program.adapter).toBeUndefined();
  expect(report.summary).toContain("-O1, which was kept");
});
