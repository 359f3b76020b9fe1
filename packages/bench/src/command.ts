import { appendFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadCompiler } from "@fuzzc/compiler";
import {
  ensureBaseModel,
  ensureEncoder,
  openEncoderInterpreter,
  openInterpreter,
  type ReadyModel,
} from "@fuzzc/interpreter";
import { Command, Option } from "commander";
import { type Part, readCorpus, splitCorpus } from "./corpus.ts";
import { formatEncoder, measureEncoder } from "./encoder.ts";
import { type FunctionResult, makeQuestions, measureFunction } from "./quality.ts";
import { formatQuality } from "./quality-report.ts";
import { formatSpeed, measureSpeed } from "./speed.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));

const program = new Command("bench").description(
  "Measures fuzzc; progress to stderr, tables to stdout.",
);

program
  .command("quality")
  .description("exact match on functions the compiler was not trained on, with its controls")
  .addOption(
    new Option("--part <part>", "which functions")
      .choices(["heldout", "validation"])
      .default("heldout"),
  )
  .option("--functions <count>", "only the first this many functions", Number)
  .option("--shard <i/n>", "every n-th function from the i-th: n processes share a folder", "1/1")
  .option(
    "--out <folder>",
    "where results.jsonl and quality.md go; a run resumes there",
    "bench-results",
  )
  .action(async (options: { part: Part; functions?: number; shard: string; out: string }) => {
    await using interpreter = await openInterpreter({
      ...openOptions(await ensureBaseModel("smollm2-135m-instruct")),
      threads: 1,
    });
    await using encoder = await openEncoderInterpreter(openOptions(await ensureEncoder()));
    const compiler = await loadCompiler(join(root, "compilers/smol"));
    const functions = splitCorpus(await readCorpus(join(root, "corpus")))[options.part];
    const questions = makeQuestions(functions).slice(0, options.functions);
    const file = join(options.out, `${options.part}.jsonl`);
    await mkdir(dirname(file), { recursive: true });
    const { sha256 } = compiler.manifest.weights;
    const done = new Set((await readResults(file, sha256)).map(({ id }) => id));
    const [shard, shards] = options.shard.split("/").map(Number) as [number, number];
    const mine = questions.filter((_, index) => index % shards === shard - 1);
    for (const question of mine.filter(({ wording }) => !done.has(wording.function.id))) {
      const result = await measureFunction(question, { compiler, interpreter, encoder });
      await appendFile(file, `${JSON.stringify({ compiler: sha256, ...result })}\n`);
      console.error(`${questions.indexOf(question) + 1}/${questions.length} ${result.id}`);
    }
    const results = await readResults(file, sha256);
    const { name, version } = compiler.manifest;
    const table = formatQuality(results, `${name} ${version} on ${options.part} functions`);
    await writeFile(join(options.out, `quality-${options.part}.md`), table);
    console.log(table);
  });

program
  .command("encoder")
  .description("label functions on the sentence encoder alone: exact match and calibration")
  .addOption(
    new Option("--part <part>", "which functions")
      .choices(["heldout", "validation"])
      .default("validation"),
  )
  .action(async ({ part }: { part: Part }) => {
    await using encoder = await openEncoderInterpreter(openOptions(await ensureEncoder()));
    const functions = splitCorpus(await readCorpus(join(root, "corpus")))[part];
    console.log(formatEncoder(await measureEncoder(functions, encoder)));
  });

program
  .command("speed")
  .description("load, compile and call times, and memory, on this machine")
  .option("--lines <count>", "inputs of the throughput test", Number, 500)
  .action(async ({ lines }: { lines: number }) => {
    console.log(formatSpeed(await measureSpeed(root, lines)));
  });

await program.parseAsync();

function openOptions({ name, path, sourceSha256, quantisation }: ReadyModel) {
  return { modelPath: path, base: { name, source_sha256: sourceSha256, quantisation } };
}

/** Results of an earlier, unfinished run with the same compiler. */
async function readResults(file: string, compiler: string): Promise<FunctionResult[]> {
  const text = await readFile(file, "utf8").catch(() => "");
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.map((line) => JSON.parse(line)).filter((result) => result.compiler === compiler);
}
