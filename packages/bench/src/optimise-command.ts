import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Models } from "./configurations.ts";
import { type Part, readCorpus, readFunctions, splitCorpus } from "./corpus.ts";
import { openModels, root } from "./open-models.ts";
import {
  measureTask,
  nameTask,
  type OptimiseResult,
  type OptimiseTask,
  planTasks,
} from "./optimise.ts";
import { chooseQuestions } from "./optimise-questions.ts";
import { formatOptimise } from "./optimise-report.ts";
import { appendResult, readResults } from "./results-file.ts";
import { measureRowSpeed, type RowSpeed } from "./row-speed.ts";
import { takeShard } from "./take-shard.ts";
import { WorkClock } from "./work-clock.ts";

const speedFile = "row-speed.json";

export interface OptimiseOptions {
  part: Part;
  functions?: number;
  shard: string;
  minutes: number;
  /** A Python with PyTorch; without it the trainer's speed isn't compared. */
  python?: string;
  out: string;
}

/** Measures what isn't in the results yet, one line a compile, and prints the report. */
export async function runOptimise(options: OptimiseOptions): Promise<string> {
  const questions = await readQuestions(options.part);
  const mine = takeShard(questions.slice(0, options.functions), options.shard);
  await using models = await openModels();
  const file = resultsFile(options);
  await mkdir(options.out, { recursive: true });
  const done = new Set(
    (await readResults<OptimiseResult>(file))
      .filter(({ failed }) => failed === undefined)
      .filter(({ compiler }) => compiler === models.compiler.manifest.weights.sha256)
      .map(({ id, way, examples }) => nameTask(id, way, examples)),
  );
  const left = planTasks(mine).filter(
    ({ question, way, examples }) => !done.has(nameTask(question.id, way, examples)),
  );
  await measureTasks(left, models, { file, minutes: options.minutes });
  if (options.python !== undefined) {
    const speed = await measureRowSpeed(options.python);
    await writeFile(join(options.out, speedFile), JSON.stringify(speed));
  }
  return reportOptimise(options);
}

async function measureTasks(
  tasks: readonly OptimiseTask[],
  models: Models,
  { file, minutes }: { file: string; minutes: number },
): Promise<void> {
  const clock = new WorkClock(tasks.map(kindOf));
  for (const task of tasks) {
    const start = performance.now();
    const result = await measureTask(task, models, minutes);
    await appendResult(file, result);
    clock.note(kindOf(task), performance.now() - start);
    const { id, way, examples, right, total, cpuSeconds } = result;
    console.error(
      `${id} ${way} ${examples}: ${right}/${total}, ${cpuSeconds.toFixed(1)} CPU s; ${clock.describe()}`,
    );
  }
}

/** The tables and bars of all results so far; also written to the folder. */
export async function reportOptimise({
  part,
  out,
}: Pick<OptimiseOptions, "part" | "out">): Promise<string> {
  const all = await readResults<OptimiseResult>(resultsFile({ part, out }));
  const newest = all.at(-1)?.compiler;
  // What failed and was asked again has two lines; the last one counts.
  const results = new Map(
    all
      .filter(({ compiler }) => compiler === newest)
      .map((result) => [nameTask(result.id, result.way, result.examples), result]),
  );
  const speed = await readFile(join(out, speedFile), "utf8").then(
    (text) => JSON.parse(text) as RowSpeed,
    () => undefined,
  );
  const report = formatOptimise([...results.values()], speed);
  await writeFile(join(out, `optimise-${part}.md`), report);
  return report;
}

/** Functions of a part of the corpus; beside the held-out ones also generated ones, which have more cases. */
async function readQuestions(part: Part) {
  const corpus = splitCorpus(await readCorpus(join(root, "corpus")))[part];
  const generated =
    part === "heldout"
      ? await readFunctions(join(root, "packages/bench/functions/many-cases.jsonl"))
      : [];
  return chooseQuestions(corpus, generated);
}

const kindOf = ({ question, way, examples }: OptimiseTask) => `${way} ${question.type} ${examples}`;
const resultsFile = ({ part, out }: Pick<OptimiseOptions, "part" | "out">) =>
  join(out, `optimise-${part}.jsonl`);
