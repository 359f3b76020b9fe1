import { createHash } from "node:crypto";
import { readInSpec } from "@fuzzc/interpreter";
import type { Example } from "@fuzzc/program";
import { askProgram } from "./ask-program.ts";
import type { Claim } from "./calibration-error.ts";
import { trainTextClassifier } from "./classify-text.ts";
import {
  type Configuration,
  configurations,
  type Models,
  makeConfiguration,
  type Question,
} from "./configurations.ts";
import { type CorpusFunction, wordFunction } from "./corpus.ts";
import { makeRandom, type Tally } from "./interval.ts";
import { isRight } from "./is-right.ts";
import { isJsonRepair, repairJson } from "./repair-json.ts";
import { scoreInputs } from "./score-inputs.ts";

/** Examples given, cases asked, and inputs of other functions asked, of each function. */
const given = 6;
const asked = 8;
const askedOutside = 8;

/** What needs no model: the commonest label of the examples, a classifier trained on them, a package. */
export const plainWays = ["majority", "tfidf", "jsonrepair"] as const;
export type PlainWay = (typeof plainWays)[number];
/** Whose probabilities are looked at. */
export const programs = ["program", "program+examples"] as const;
export type ProgramName = (typeof programs)[number];

/** How much a program took inputs for its own to answer; higher is surer. */
export interface InSpecScores {
  own: number[];
  others: number[];
  nearMisses: number[];
}

/** What one function gave; a line of the results file. */
export interface FunctionResult {
  id: string;
  domain: string;
  category: string;
  type: "labels" | "text" | "json";
  tallies: Record<Configuration, Tally> & Partial<Record<PlainWay, Tally>>;
  /** Of label functions, for the calibration error. */
  claims: Partial<Record<ProgramName, Claim[]>>;
  inSpec: Partial<Record<ProgramName, InSpecScores>>;
  /** Why a configuration answered nothing, which counts as all wrong. */
  failed: Partial<Record<Configuration, string>>;
}

/** A fixed question for each function: a wording, six examples, eight other cases, and inputs of other functions. */
export function makeQuestions(functions: readonly CorpusFunction[]): Question[] {
  const wordings = functions.map((entry, index) => wordFunction(entry, index));
  return wordings.map((wording, index) => {
    const random = makeRandom(index + 1);
    const cases = wording.cases
      .map((one) => ({ one, key: random() }))
      .sort((first, second) => first.key - second.key)
      .map(({ one }) => one);
    return {
      wording,
      other: wordings[(index + Math.floor(wordings.length / 2)) % wordings.length]!,
      examples: cases.slice(0, given),
      asked: cases.slice(given, given + asked),
      outside: {
        others: drawOthers(wording.function, functions),
        nearMisses: wording.function.near_misses ?? [],
      },
    };
  });
}

/** One input of each of the functions that come first by a hash, which also says which input. */
function drawOthers(own: CorpusFunction, functions: readonly CorpusFunction[]): string[] {
  return functions
    .filter(({ id }) => id !== own.id)
    .map((entry) => ({
      entry,
      hash: createHash("sha256").update(`${own.id} ${entry.id}`).digest(),
    }))
    .sort((first, second) => first.hash.compare(second.hash))
    .slice(0, askedOutside)
    .map(({ entry, hash }) => entry.cases[hash.readUInt32LE(0) % entry.cases.length]![0]);
}

/** Asks every configuration; a failed one counts as all wrong and is written down. */
export async function measureFunction(question: Question, models: Models): Promise<FunctionResult> {
  const { wording, outside, asked } = question;
  const { id, domain, category } = wording.function;
  const result: FunctionResult = {
    ...{ id, domain, category, type: wording.output.type },
    tallies: measurePlainWays(question) as FunctionResult["tallies"],
    ...{ claims: {}, inSpec: {}, failed: {} },
  };
  for (const configuration of configurations) {
    try {
      const made = await makeConfiguration(configuration, question, models);
      const answers = await askProgram(made, asked, models);
      result.tallies[configuration] = countRight(
        answers.map(({ text }) => text),
        asked,
        result.type,
      );
      if (isProgram(configuration)) {
        const vectors = readInSpec(made.program);
        const score = (inputs: readonly string[]) => scoreInputs(vectors, inputs, models.encoder);
        result.inSpec[configuration] = {
          own: await score(asked.map(({ input }) => input)),
          others: await score(outside.others),
          nearMisses: await score(outside.nearMisses),
        };
        if (result.type === "labels") {
          result.claims[configuration] = answers.map(({ text, probability }, index) => ({
            probability,
            right: text === asked[index]?.output,
          }));
        }
      }
    } catch (error) {
      result.tallies[configuration] = { right: 0, total: asked.length };
      result.failed[configuration] = String(error);
    }
  }
  return result;
}

const isProgram = (configuration: Configuration): configuration is ProgramName =>
  programs.some((name) => name === configuration);

function measurePlainWays({
  wording,
  examples,
  asked,
}: Question): Partial<Record<PlainWay, Tally>> {
  const inputs = asked.map(({ input }) => input);
  if (wording.output.type === "labels") {
    const commonest = findCommonest(examples);
    const classify = trainTextClassifier(examples);
    return {
      majority: countRight(
        inputs.map(() => commonest),
        asked,
        "labels",
      ),
      tfidf: countRight(inputs.map(classify), asked, "labels"),
    };
  }
  return isJsonRepair(wording.function)
    ? { jsonrepair: countRight(inputs.map(repairJson), asked, "json") }
    : {};
}

function findCommonest(examples: readonly Example[]): string {
  const counts = new Map<string, number>();
  for (const { output } of examples) {
    counts.set(output, (counts.get(output) ?? 0) + 1);
  }
  return [...counts].reduce((best, next) => (next[1] > best[1] ? next : best))[0];
}

const countRight = (
  texts: readonly (string | null)[],
  asked: readonly Example[],
  type: string,
): Tally => ({
  right: texts.filter((text, index) => text !== null && isRight(text, asked[index]?.output, type))
    .length,
  total: asked.length,
});
