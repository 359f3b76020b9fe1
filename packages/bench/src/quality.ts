import {
  answerQuestion,
  type Configuration,
  configurations,
  type Models,
  type Question,
} from "./configurations.ts";
import { type CorpusFunction, wordFunction } from "./corpus.ts";
import { makeRandom, type Tally } from "./interval.ts";

/** Examples given, and cases asked, of each function. */
const given = 6;
const asked = 8;

/** What one function gave. */
export interface FunctionResult {
  id: string;
  category: string;
  type: "labels" | "text" | "json";
  /** Of always answering the commonest label of the examples; null for other types. */
  majority: Tally | null;
  tallies: Record<Configuration, Tally>;
  /** Inputs that were refused (too long for the context, say), counted as wrong. */
  failed: Partial<Record<Configuration, string>>;
}

/** A fixed question for each function: a wording, six examples and eight other cases. */
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
    };
  });
}

/** Asks every configuration; a failed one counts as all wrong and is written down. */
export async function measureFunction(question: Question, models: Models): Promise<FunctionResult> {
  const { wording, examples, asked } = question;
  const tallies = {} as Record<Configuration, Tally>;
  const failed: FunctionResult["failed"] = {};
  for (const configuration of configurations) {
    try {
      const answers = await answerQuestion(configuration, question, models);
      const right = answers.filter((answer, index) => answer.text === asked[index]!.output);
      tallies[configuration] = { right: right.length, total: asked.length };
    } catch (error) {
      tallies[configuration] = { right: 0, total: asked.length };
      failed[configuration] = String(error);
    }
  }
  const { output } = wording;
  return {
    id: wording.function.id,
    category: wording.function.category,
    type: output.type,
    majority: output.type === "labels" ? majorityTally(examples, asked) : null,
    tallies,
    failed,
  };
}

function majorityTally(examples: Question["examples"], asked: Question["asked"]): Tally {
  const counts = new Map<string, number>();
  for (const { output } of examples) {
    counts.set(output, (counts.get(output) ?? 0) + 1);
  }
  const [commonest] = [...counts].reduce((best, next) => (next[1] > best[1] ? next : best));
  return { right: asked.filter(({ output }) => output === commonest).length, total: asked.length };
}
