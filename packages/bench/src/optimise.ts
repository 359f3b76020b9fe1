import { type CompileFunctionOptions, compileProgram } from "@fuzzc/compiler";
import { type Program, writeProgram } from "@fuzzc/program";
import { askProgram } from "./ask-program.ts";
import { trainTextClassifier } from "./classify-text.ts";
import type { Models } from "./configurations.ts";
import type { Tally } from "./interval.ts";
import { isRight } from "./is-right.ts";
import { makePromptedProgram } from "./make-prompted-program.ts";
import type { OptimiseQuestion, OutputTypeName } from "./optimise-questions.ts";

export const optimiseWays = ["base", "tfidf", "O0", "O1", "O2"] as const;
export type OptimiseWay = (typeof optimiseWays)[number];

/** One way to make one function from a number of its examples. */
export interface OptimiseTask {
  question: OptimiseQuestion;
  way: OptimiseWay;
  examples: number;
}

/** What it came to; a line of the results file. */
export interface OptimiseResult extends Tally {
  /** Checksum of the compiler's weights. */
  compiler: string;
  id: string;
  type: OutputTypeName;
  generated: boolean;
  way: OptimiseWay;
  examples: number;
  /** Of the compile, with its child processes; 0 where nothing is compiled. */
  cpuSeconds: number;
  /** Of the program as a file; 0 where there is none. */
  sizeBytes: number;
  /** What the compile says of itself. */
  summary?: string;
  /** Why nothing was answered; then all count as wrong. */
  failed?: string;
}

/** What the bars ask for comes first, so that a run that is cut short says most. */
const countsInOrder = [0, 16, 24, 48, 8];

/** All that is to be measured: -O0 needs no examples, -O1, -O2 and the classifier do. */
export function planTasks(questions: readonly OptimiseQuestion[]): OptimiseTask[] {
  return countsInOrder.flatMap((examples) =>
    questions
      .filter(({ counts }) => counts.includes(examples))
      .flatMap((question) =>
        optimiseWays
          .filter((way) => way === "base" || (way === "O0") === (examples === 0))
          .filter((way) => way !== "tfidf" || question.type === "labels")
          .map((way) => ({ question, way, examples })),
      ),
  );
}

/** Names a task, and the result of one. */
export const nameTask = (id: string, way: OptimiseWay, examples: number): string =>
  `${id} ${way} ${examples}`;

/**
 * Compiles, asks and counts. What fails counts as wrong and says why.
 *
 * @param minutes wall clock that -O2 may train
 */
export async function measureTask(
  { question, way, examples }: OptimiseTask,
  models: Models,
  minutes: number,
): Promise<OptimiseResult> {
  const { id, type, generated, asked } = question;
  const { sha256 } = models.compiler.manifest.weights;
  const named = { compiler: sha256, id, type, generated, way, examples, total: asked.length };
  try {
    const made = await makeAnswers({ question, way, examples }, models, minutes);
    const right = made.answers.filter((text, index) =>
      isRight(text, asked[index]?.output, type),
    ).length;
    const { cpuSeconds, sizeBytes, summary } = made;
    return { ...named, right, cpuSeconds, sizeBytes, ...(summary && { summary }) };
  } catch (error) {
    return { ...named, right: 0, cpuSeconds: 0, sizeBytes: 0, failed: String(error) };
  }
}

interface Made {
  answers: string[];
  cpuSeconds: number;
  sizeBytes: number;
  summary?: string;
}

async function makeAnswers(task: OptimiseTask, models: Models, minutes: number): Promise<Made> {
  const { question, way } = task;
  const { spec, output } = question.wording;
  const examples = question.examples.slice(0, task.examples);
  if (way === "tfidf") {
    const classify = trainTextClassifier(examples);
    const answers = question.asked.map(({ input }) => classify(input));
    return { answers, cpuSeconds: 0, sizeBytes: 0 };
  }
  const ask = async (program: Program, adapter: Uint8Array | null) =>
    (await askProgram({ program, adapter }, question.asked, models)).map(({ text }) => text);
  const request = { spec, output, examples };
  if (way === "base") {
    const program = await makePromptedProgram(request, models);
    return { answers: await ask(program, null), cpuSeconds: 0, sizeBytes: 0 };
  }
  const options: CompileFunctionOptions = { ...models, level: way, training: { minutes } };
  const before = process.cpuUsage();
  const { program, adapter, report } = await compileProgram(request, options);
  const { user, system } = process.cpuUsage(before);
  return {
    answers: await ask(program, adapter),
    cpuSeconds: (user + system) / 1e6 + (report.training?.cpuSeconds ?? 0),
    sizeBytes: (await writeProgram(program)).length,
    summary: report.summary,
  };
}
