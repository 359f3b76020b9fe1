import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { ensureBaseModel } from "@fuzzc/interpreter";
import type { Example } from "@fuzzc/program";
import { trainAdapter } from "@fuzzc/trainer";
import { root } from "./open-models.ts";

/** CPU seconds of one training step over the same row, forth, back and update: medians of interleaved steps. */
export interface RowSpeed {
  tokens: number;
  ownSeconds: number;
  pytorchSeconds: number;
}

const rounds = 3;
const stepsARound = 4;

/**
 * Times the trainer and PyTorch in turns, each on one thread, on the row of the trainer's gradient test.
 *
 * @param python an interpreter with torch and what training/pyproject.toml names
 */
export async function measureRowSpeed(python: string): Promise<RowSpeed> {
  const { path } = await ensureBaseModel("smollm2-135m-instruct");
  const own: number[] = [];
  const pytorch: number[] = [];
  let tokens = 0;
  for (let round = 0; round < rounds; round++) {
    own.push(...(await timeTrainer(path)));
    const other = await timePyTorch(python, path);
    pytorch.push(...other.seconds);
    tokens = other.tokens;
    console.error(
      `row speed, round ${round + 1} of ${rounds}: ${own.at(-1)?.toFixed(2)} s, PyTorch ${pytorch.at(-1)?.toFixed(2)} s`,
    );
  }
  return { tokens, ownSeconds: median(own), pytorchSeconds: median(pytorch) };
}

async function timeTrainer(modelPath: string): Promise<number[]> {
  const file = join(root, "packages/trainer/reference/gradient.json");
  const reference = JSON.parse(await readFile(file, "utf8")) as {
    task: string;
    rank: number;
    examples: Example[];
    cases: Example[];
  };
  const times: number[] = [];
  await trainAdapter({
    modelPath,
    task: { task: reference.task, examples: reference.examples },
    examples: reference.cases,
    rank: reference.rank,
    steps: stepsARound + 1,
    minutes: 10,
    onProgress: ({ step, cpuSeconds }) => {
      times[step] = cpuSeconds;
    },
  });
  return differences(times);
}

async function timePyTorch(
  python: string,
  modelPath: string,
): Promise<{ tokens: number; seconds: number[] }> {
  const script = ["-m", "fuzzc_training.trainer_speed", "--base", modelPath];
  const { stdout } = await promisify(execFile)(
    python,
    [...script, "--steps", String(stepsARound + 1)],
    { cwd: join(root, "training") },
  );
  const { tokens, seconds } = JSON.parse(stdout) as { tokens: number; seconds: number[] };
  return { tokens, seconds: seconds.slice(1) };
}

/** Of each step but the first, which fills caches. */
const differences = (times: readonly number[]) =>
  times.slice(2).map((time, index) => time - (times[index + 1] as number));

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] as number;
}
