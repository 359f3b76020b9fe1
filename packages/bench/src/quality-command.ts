import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Part, readCorpus, splitCorpus } from "./corpus.ts";
import { openModels, root } from "./open-models.ts";
import { type FunctionResult, makeQuestions, measureFunction } from "./quality.ts";
import { formatQuality } from "./quality-report.ts";
import { appendResult, readResults } from "./results-file.ts";
import { takeShard } from "./take-shard.ts";

export interface QualityOptions {
  part: Part;
  functions?: number;
  shard: string;
  out: string;
}

/** Asks what isn't in the results yet, one line a function, and gives the table; also written to the folder. */
export async function runQuality({
  part,
  functions: most,
  shard,
  out,
}: QualityOptions): Promise<string> {
  await using models = await openModels();
  const functions = splitCorpus(await readCorpus(join(root, "corpus")))[part];
  const questions = makeQuestions(functions).slice(0, most);
  const file = join(out, `${part}.jsonl`);
  const { name, version, weights } = models.compiler.manifest;
  const read = async () =>
    (await readResults<FunctionResult & { compiler: string }>(file)).filter(
      ({ compiler }) => compiler === weights.sha256,
    );
  const done = new Set((await read()).map(({ id }) => id));
  for (const question of takeShard(questions, shard)) {
    if (!done.has(question.wording.function.id)) {
      const result = await measureFunction(question, models);
      await appendResult(file, { compiler: weights.sha256, ...result });
      console.error(`${questions.indexOf(question) + 1}/${questions.length} ${result.id}`);
    }
  }
  const table = formatQuality(await read(), `${name} ${version} on ${part} functions`);
  await mkdir(out, { recursive: true });
  await writeFile(join(out, `quality-${part}.md`), table);
  return table;
}
