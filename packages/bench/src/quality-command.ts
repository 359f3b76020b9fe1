import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Question } from "./configurations.ts";
import { type Part, readCorpus, readFunctions, splitCorpus } from "./corpus.ts";
import { drawBars } from "./draw-bars.ts";
import { openModels, root } from "./open-models.ts";
import { type FunctionResult, makeQuestions, measureFunction } from "./quality.ts";
import { formatQuality } from "./quality-report.ts";
import { barGroups, type QualitySummary, summariseQuality } from "./quality-summary.ts";
import { appendResult, readResults } from "./results-file.ts";
import { takeShard } from "./take-shard.ts";
import { WorkClock } from "./work-clock.ts";

export interface QualityOptions {
  part: Part;
  functions?: number;
  shard: string;
  out: string;
}

/** The file name, and so the domain, of generated functions that repair JSON. */
const repairDomain = "json-repair";

/**
 * Asks what isn't in the results yet, one line a function. Then writes table, plot and figures of all results to the
 * folder, and gives the table.
 */
export async function runQuality(options: QualityOptions): Promise<string> {
  const { part, shard, out } = options;
  await mkdir(out, { recursive: true });
  await using models = await openModels();
  const questions = takeShard(await readQuestions(options), shard);
  const file = join(out, `quality-${part}.jsonl`);
  const { name, version, weights } = models.compiler.manifest;
  const read = async () =>
    (await readResults<FunctionResult & { compiler: string }>(file)).filter(
      ({ compiler }) => compiler === weights.sha256,
    );
  const done = new Set((await read()).map(({ id }) => id));
  const left = questions.filter(({ wording }) => !done.has(wording.function.id));
  const clock = new WorkClock(left.map(({ wording }) => wording.output.type));
  for (const question of left) {
    const start = performance.now();
    const result = await measureFunction(question, models);
    await appendResult(file, { compiler: weights.sha256, ...result });
    clock.note(result.type, performance.now() - start);
    console.error(`${result.id}; ${clock.describe()}`);
  }
  const all = await read();
  const results = all.filter(({ domain }) => domain !== repairDomain);
  const summary = summariseQuality(
    results,
    all.filter(({ domain }) => domain === repairDomain),
    `${name} ${version} on ${part} functions`,
  );
  const table = formatQuality(summary, results);
  await writeReport(join(out, `quality-${part}`), summary, table);
  return table;
}

async function writeReport(path: string, summary: QualitySummary, table: string): Promise<void> {
  await writeFile(`${path}.md`, table);
  await writeFile(`${path}.json`, `${JSON.stringify(summary, null, 1)}\n`);
  const title = `${summary.title}: exact match in %`;
  await writeFile(`${path}.svg`, drawBars(title, barGroups(summary)));
}

/** The functions of a part, and with the held-out ones, none of which repairs JSON, generated ones that do. */
async function readQuestions({
  part,
  functions: most,
}: Pick<QualityOptions, "part" | "functions">): Promise<Question[]> {
  const questions = makeQuestions(splitCorpus(await readCorpus(join(root, "corpus")))[part]);
  const folder = join(root, "packages/bench/functions");
  const generated =
    part === "heldout"
      ? makeQuestions(await readFunctions(join(folder, `${repairDomain}.jsonl`)))
      : [];
  return [...questions.slice(0, most), ...generated.slice(0, most)];
}
