import { basename } from "node:path";
import {
  FuzzError,
  type FuzzyInput,
  type JsonValue,
  readProgram,
  writeProgram,
} from "@fuzzc/program";
import { load } from "../load.ts";
import { readBytes } from "../read-fuzz-file.ts";
import type { SetupOptions } from "../setup-options.ts";
import { type AnswersDiff, compareAnswers, exampleInputs } from "./compare-answers.ts";
import { compareMeta, type MetaDiff } from "./compare-meta.ts";
import { compareWeights, type WeightsDiff } from "./compare-weights.ts";
import { type DiffLine, diffLines } from "./diff-lines.ts";
import { readInputs } from "./read-inputs.ts";

/** Everything in which two programs differ. */
export interface ProgramDiff extends MetaDiff {
  /** What the two are called here. */
  names: { a: string; b: string };
  /** Of official programs, whose prompt is all that they say; that of others follows from spec and examples. */
  prompt: DiffLine[];
  weights: WeightsDiff;
  /** What they answer, or why that was not compared. */
  answers: AnswersDiff | { notCompared: string };
  same: boolean;
}

export interface DiffOptions extends SetupOptions {
  /** A file of inputs; left out, the examples in both prompts are asked. */
  inputs?: string | undefined;
  signal: AbortSignal;
}

/**
 * Compares two `.paw` files: what they say, their weights, and what they answer.
 * @throws FuzzError FUZZ_FILE_NOT_FOUND, and what `readProgram` and `readInputs` throw
 */
export async function diffPrograms(
  pathA: string,
  pathB: string,
  options: DiffOptions,
): Promise<ProgramDiff> {
  const a = await readProgram(await readBytes(pathA));
  const b = await readProgram(await readBytes(pathB));
  const named = options.inputs && (await readInputs(options.inputs, a.meta.inputs));
  const meta = compareMeta(a.meta, b.meta);
  const weights = await compareWeights(a, b);
  const asked = named || exampleInputs(a, b);
  const answers =
    JSON.stringify(a.meta.inputs) !== JSON.stringify(b.meta.inputs)
      ? { notCompared: "the programs take other inputs" }
      : asked.length === 0
        ? { notCompared: "there is nothing to ask: give --inputs" }
        : await askBoth([pathA, pathB], asked, { ...options, from: named ? "file" : "examples" });
  const isOfficial = [a, b].some(({ meta }) => meta.format === "official");
  const prompt = isOfficial ? diffLines(a.promptTemplate, b.promptTemplate) : [];
  // An official program's id is only a claim.
  const same = Buffer.compare(await writeProgram(a), await writeProgram(b)) === 0;
  return { ...meta, names: nameBoth(pathA, pathB), prompt, weights, answers, same };
}

/** A program that can't be run here can still be compared in all else. */
async function askBoth(
  [pathA, pathB]: [string, string],
  inputs: readonly FuzzyInput[],
  { from, signal, ...setup }: SetupOptions & { from: AnswersDiff["from"]; signal: AbortSignal },
): Promise<ProgramDiff["answers"]> {
  try {
    await using a = await load<JsonValue, FuzzyInput>(pathA, { ...setup, signal });
    await using b = await load<JsonValue, FuzzyInput>(pathB, { ...setup, signal });
    return await compareAnswers(a, b, inputs, { from, signal });
  } catch (error) {
    signal.throwIfAborted();
    if (!FuzzError.isInstance(error)) {
      throw error;
    }
    return { notCompared: `${error.message} (${error.code})` };
  }
}

/** Their file names, or the whole paths where these are the same. */
function nameBoth(a: string, b: string): ProgramDiff["names"] {
  return basename(a) === basename(b) ? { a, b } : { a: basename(a), b: basename(b) };
}
