import { join } from "node:path";
import { type EncoderInterpreter, ensureEncoder, openEncoderInterpreter } from "@fuzzc/interpreter";
import { Command, Option } from "commander";
import { type CorpusFunction, type Part, readCorpus, splitCorpus } from "./corpus.ts";
import { formatEncoder, measureEncoder } from "./encoder.ts";
import { formatInSpec, measureInSpec } from "./in-spec.ts";
import { openOptions, root } from "./open-models.ts";
import { type OptimiseOptions, reportOptimise, runOptimise } from "./optimise-command.ts";
import { type QualityOptions, runQuality } from "./quality-command.ts";
import { formatSpeed, measureSpeed } from "./speed.ts";

/** Prints what the encoder alone does on a part of the corpus. */
function onEncoder(
  measure: (functions: CorpusFunction[], encoder: EncoderInterpreter) => Promise<string>,
) {
  return async ({ part }: { part: Part }) => {
    await using encoder = await openEncoderInterpreter(openOptions(await ensureEncoder()));
    console.log(await measure(splitCorpus(await readCorpus(join(root, "corpus")))[part], encoder));
  };
}

const program = new Command("bench").description(
  "Measures fuzzc; progress to stderr, tables to stdout.",
);
const partOption = (usual: Part) =>
  new Option("--part <part>", "which functions of the corpus")
    .choices(["heldout", "validation", "train"])
    .default(usual);
const functionsOption = new Option(
  "--functions <count>",
  "only the first this many functions",
).argParser(Number);
const shardOption = new Option(
  "--shard <i/n>",
  "every n-th function from the i-th: n processes share a folder",
).default("1/1");
const outOption = new Option(
  "--out <folder>",
  "where results and tables go; a run resumes there",
).default("bench-results");

program
  .command("quality")
  .description("exact match on functions the compiler was not trained on, with its controls")
  .addOption(partOption("heldout"))
  .addOption(functionsOption)
  .addOption(shardOption)
  .addOption(outOption)
  .action(async (options: QualityOptions) => {
    console.log(await runQuality(options));
  });

program
  .command("optimise")
  .description("what examples bring at each level: exact match, CPU seconds, size; with bars")
  .addOption(partOption("heldout"))
  .addOption(functionsOption)
  .addOption(shardOption)
  .option("--minutes <count>", "wall clock that -O2 may train", Number, 2)
  .option("--python <path>", "a Python with PyTorch, to compare the speed of training with")
  .addOption(outOption)
  .action(async (options: OptimiseOptions) => {
    console.log(await runOptimise(options));
  });

program
  .command("optimise-report")
  .description("the tables of what `optimise` has measured so far")
  .addOption(partOption("heldout"))
  .addOption(outOption)
  .action(async (options: Pick<OptimiseOptions, "part" | "out">) => {
    console.log(await reportOptimise(options));
  });

program
  .command("encoder")
  .description("label functions on the sentence encoder alone: exact match and calibration")
  .addOption(partOption("validation"))
  .action(
    onEncoder(async (functions, encoder) =>
      formatEncoder(await measureEncoder(functions, encoder)),
    ),
  );

program
  .command("in-spec")
  .description("how the encoder tells a function's own inputs from others")
  .addOption(partOption("validation"))
  .action(
    onEncoder(async (functions, encoder) => formatInSpec(await measureInSpec(functions, encoder))),
  );

program
  .command("speed")
  .description("load, compile and call times, and memory, on this machine")
  .option("--lines <count>", "inputs of the throughput test", Number, 500)
  .action(async ({ lines }: { lines: number }) => {
    console.log(formatSpeed(await measureSpeed(root, lines)));
  });

await program.parseAsync();
