import { spawn } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Trained } from "./optimise-with-training.ts";
import { trainWords } from "./train-words.fixture.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fuzzc-optimise-"));
});
afterAll(() => rm(folder, { recursive: true }));

test("a killed process's trainings go on in the next one, to the same bytes", async () => {
  const whole: number[] = [];
  const expected = await trainWords({}, (done) => whole.push(done));
  const first = 12;

  const checkpoints = join(folder, "checkpoints");
  await trainAndKill(checkpoints, first + 2);
  expect(await readdir(checkpoints)).toContain("1.gguf");
  const rest: number[] = [];
  const resumed = await trainWords({ checkpoints }, (done) => rest.push(done));
  expect(Math.min(...rest)).toBe(first);
  expect(rest.at(-1)).toBe(whole.at(-1));
  expect(Buffer.compare(resumed.adapter, expected.adapter)).toBe(0);
  expect(describe(resumed)).toEqual(describe(expected));
}, 120_000);

/** What does not depend on the clock. */
function describe({ shown, asked, loss, startLoss, steps }: Trained) {
  const answers = asked.map(({ index, answer }) => [index, answer.text]);
  return { shown, answers, loss, startLoss, steps };
}

/** Trains in another process, and kills it once it tells of so many updates. */
async function trainAndKill(checkpoints: string, updates: number): Promise<void> {
  const script = `
    import { trainWords } from ${JSON.stringify(fixtureUrl())};
    await trainWords({ checkpoints: ${JSON.stringify(checkpoints)} }, (done) => console.log(done));`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    if (text.split("\n").includes(`${updates}`)) {
      child.kill("SIGKILL");
    }
  });
  const signal = await new Promise((resolve) => child.on("close", (_code, name) => resolve(name)));
  expect(signal).toBe("SIGKILL");
}

/** The built one: a plain process can't run TypeScript. */
function fixtureUrl(): string {
  return new URL("../dist/train-words.fixture.js", import.meta.url).href;
}
