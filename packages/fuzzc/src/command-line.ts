import { Command, Option } from "commander";
import { buildModules } from "./commands/build.ts";
import { compileFile } from "./commands/compile.ts";
import { diffFiles } from "./commands/diff.ts";
import { examine } from "./commands/doctor.ts";
import { explainAnswer } from "./commands/explain.ts";
import { exportFile } from "./commands/export.ts";
import { initFile } from "./commands/init.ts";
import { inspectFile } from "./commands/inspect.ts";
import { mapFile } from "./commands/map.ts";
import { serveTools } from "./commands/mcp.ts";
import { listBaseModels, pullModel } from "./commands/models.ts";
import {
  collectInput,
  collectWord,
  readCompileLevel,
  readCount,
  readLevel,
  readMinutes,
  readShare,
} from "./commands/read-flags.ts";
import { readForm } from "./commands/read-form.ts";
import { runFunction } from "./commands/run.ts";
import type { Session } from "./commands/session.ts";
import { testFiles } from "./commands/test.ts";
import type { CompileLevel } from "./compile-level.ts";
import type { Terminal } from "./terminal.ts";
import { version } from "./version.ts";

const fileWords =
  "a *.fuzz.yaml (FILE#NAME for one of several functions), a .paw, or a spec in quotes";

/**
 * The commands of `fuzzc`, as they are typed.
 * @param finish is told the exit code of the command that ran.
 */
export function commandLine(session: Session, finish: (exitCode: number) => void): Command {
  const done = async (exitCode: Promise<number>) => finish(await exitCode);
  const root = new Command("fuzzc")
    .description("Fuzzy functions: plain English in, a small local function out.")
    .version(version)
    .exitOverride()
    .configureOutput({ outputError: (text) => failUsage(session.terminal, text) })
    .showSuggestionAfterError()
    .addHelpText(
      "after",
      `
Examples:
  fuzzc init                                        a *.fuzz.yaml to start from
  fuzzc run triage.fuzz.yaml "Nobody can log in!"   compiles it once, then answers
  fuzzc run triage.fuzz.yaml < messages.txt         one input a line, one answer a line
  fuzzc run "Name the language of the text." "Guten Tag"
  fuzzc compile triage.fuzz.yaml -o triage.paw      a program of a few kB
  fuzzc build                                       typed modules of all *.fuzz.yaml
  fuzzc help run                                    more about a command

Environment:
  FUZZC_HOME      where everything is kept     FUZZC_OFFLINE=1  fetch nothing
  HF_ENDPOINT     another hub                  NO_COLOR=1       no colours

Exit codes: 0 fine, 1 the answer is no, 2 wrong use, 3 something is missing.`,
    );

  root
    .command("init")
    .summary("write a *.fuzz.yaml to start from")
    .description("Writes a *.fuzz.yaml to start from: an example, or a spec of your own.")
    .argument("[name]", "what to call it: NAME.fuzz.yaml")
    .option("--template <name>", "the example to start from, or empty")
    .option("-y, --yes", "ask nothing (default: the example triage)")
    .option("--force", "replace a file that is there")
    .addHelpText(
      "after",
      `
Examples:
  fuzzc init                                 asks
  fuzzc init repair --template json-repair --yes`,
    )
    .action((name, flags) => done(initFile(session, name, flags)));

  shared(root.command("run"))
    .summary("answer inputs")
    .description("Answers the inputs given, or else the lines of stdin, in their order.")
    .argument("<file>", fileWords)
    .argument("[inputs...]", "inputs; none: one a line from stdin")
    .addOption(outputOption())
    .option("--jsonl", 'stdin is JSON lines, each a string, {"input": …} or named inputs')
    .option("--set <name=text>", "an input of a function that names its inputs", collectInput)
    .option("--json", "print one JSON object a line: input, output, probability, …")
    .option("--timeout-ms <number>", "give up on an input after so many milliseconds", readCount)
    .addHelpText(
      "after",
      `
An input that can't be answered prints null in its place, its error goes to stderr, and the exit
code is 1. With --json, output is null where the function abstains.

Examples:
  fuzzc run examples/log-repair.fuzz.yaml "Nov 23 o9:14:5 srv-2 ngnix[81]: eror conect() faild"
  tail -f app.log | fuzzc run log-repair.paw
  fuzzc run triage.fuzz.yaml --jsonl --json < messages.jsonl > answers.jsonl
  fuzzc run policies.fuzz.yaml#triage "Nobody can log in!"
  fuzzc run rank.fuzz.yaml --set query="last item" --set snippet="xs.at(-1)"
  fuzzc run "Is the review good or bad?" --output good,bad "I loved it"`,
    )
    .action((file, inputs, flags) => done(runFunction(session, file, inputs, flags)));

  shared(root.command("map"))
    .summary("answer every row of a table")
    .description(
      "Answers every row of a table, and writes it with the answers, their probabilities and errors.",
    )
    .argument("<file>", fileWords)
    .argument("<table>", "a .csv, .jsonl or .parquet")
    .requiredOption("--input <column>", "what to answer; NAME=COLUMN of named inputs", collectWord)
    .requiredOption("-o, --out <path>", "a .csv, .jsonl or .parquet")
    .option("--as <column>", "the new column (default: the function's name, or output)")
    .addOption(outputOption())
    .option("--resume", "go on with a run that was ended")
    .option("--force", "replace the output, and begin anew")
    .option("--json", "print the report as JSON")
    .addHelpText(
      "after",
      `
Rows keep their order, and columns their values. Equal inputs are answered once; a row with an
empty input has no answer; a row that can't be answered says why in AS_error, the others go on, and
the exit code is 1. Ctrl-C keeps the answers that are there, in a file beside the output.
Tables need DuckDB: npm install @duckdb/node-api@1.5.6-r.1

Examples:
  fuzzc map triage.fuzz.yaml messages.csv --input message -o answered.csv
  fuzzc map triage.fuzz.yaml messages.csv --input message -o answered.csv --resume
  fuzzc map rank.paw pairs.parquet --input query=search --input snippet=code -o ranked.jsonl`,
    )
    .action((file, table, flags) => done(mapFile(session, file, table, flags)));

  shared(root.command("compile"), compileLevels, readCompileLevel)
    .summary("compile a function into a .paw program")
    .description("Compiles a function into a program, and says what was measured on its examples.")
    .argument("<file>", "a *.fuzz.yaml, or a spec in quotes")
    .option("-o, --out <path>", "where to write the program (default: NAME.paw)")
    .addOption(outputOption())
    .option("--full", "the full form, as `fuzzc export` writes it")
    .option("--base-url <url>", "with --full: where official clients get the base model from")
    .option("--minutes <count>", "how long -O2 may compute (default: 2)", readMinutes)
    .option(
      "--teacher <url or path>",
      "for -O3: an OpenAI-compatible server, or a .gguf chat model",
    )
    .option("--teacher-model <name>", "the model, as the server calls it")
    .option("--pairs <count>", "how many pairs the teacher writes (default: 48)", readCount)
    .option("--keep-pairs <path>", "write the teacher's pairs to a .jsonl, to review and reuse")
    .option("-y, --yes", "ask the teacher without asking you")
    .option("--json", "print the report as JSON")
    .addHelpText(
      "after",
      `
Ctrl-C while -O2 trains ends the training and keeps its best so far; a second one cancels. A
compile that was killed goes on where it was.

-O3 sends the spec and the examples to the teacher and to nobody else, with the key in
FUZZC_TEACHER_KEY, or else OPENAI_API_KEY. It says first about what that costs. Answers are kept in
the cache, so that a run that was ended goes on and nothing is asked twice.

Examples:
  fuzzc compile triage.fuzz.yaml
  fuzzc compile triage.fuzz.yaml -O0 -o quick.paw   the spec alone, in one forward pass
  fuzzc compile triage.fuzz.yaml -O2 --minutes 5    train on its examples, keep what is better
  fuzzc compile triage.fuzz.yaml --base mine.gguf --from-scratch -O2
  fuzzc compile triage.fuzz.yaml -O3 --teacher http://localhost:11434/v1 --teacher-model qwen3
  fuzzc compile "Is the review good or bad?" --output good,bad -o review.paw`,
    )
    .action((file, flags) => done(compileFile(session, file, flags)));

  root
    .command("build")
    .summary("compile all functions of a project into typed modules")
    .description(
      "Compiles the *.fuzz.yaml files that have changed, and writes a typed module for each function.",
    )
    .argument("[paths...]", "files, or folders to look through (default: this one)")
    .option("-o, --out <folder>", "where to write them", "fuzz")
    .option("--check", "only look: exit code 1 when something is stale; for CI")
    .option("--offline", "fetch nothing")
    .option("--json", "print one JSON object a function")
    .addHelpText(
      "after",
      `
Writes NAME.paw, NAME.js and NAME.d.ts for each function, index.js for all of them, and fuzzc.lock
beside the folder. Commit them, or build before you test and pack.

Examples:
  fuzzc build                                       for TypeScript and JavaScript to import
  fuzzc build policies --out src/fuzz
  fuzzc build --check`,
    )
    .action((paths, flags) => done(buildModules(session, paths, flags)));

  shared(root.command("test"))
    .summary("run the tests of *.fuzz.yaml files")
    .description(
      "Runs the tests of all functions, and their examples; exit code 1 when one does not reach its score.",
    )
    .argument("[paths...]", "files, FILE#NAME, or folders to look through (default: this one)")
    .option("--filter <word>", "only functions with this word in their name")
    .option(
      "--required-score <share>",
      "the share of tests that have to pass, 0 to 1 (default: what the file says, else 1)",
      readShare,
    )
    .addOption(
      new Option("--reporter <name>", "what to print")
        .choices(["pretty", "json", "junit"])
        .default("pretty"),
    )
    .option("--json", "the same as --reporter json: one JSON object a test")
    .option("-o, --out <path>", "write the report to a file, and print the pretty one")
    .addOption(new Option("--watch", "run again what changes, until Ctrl-C").conflicts("out"))
    .addHelpText(
      "after",
      `
The score is of the tests: the compiler has seen the examples, which are counted apart. A function
that can't be compiled or run is told, and the others go on.

Examples:
  fuzzc test                                        all *.fuzz.yaml below this folder
  fuzzc test policies.fuzz.yaml#refund --watch
  fuzzc test --reporter junit -o report.xml         for a CI server
  fuzzc test --filter triage --required-score 0.9`,
    )
    .action((paths, flags) => done(testFiles(session, paths, flags)));

  shared(root.command("explain"))
    .summary("answer one input, and say what the answer came from")
    .description(
      "Answers one input with each label's probability, the nearest examples, the prompt, the threshold and the time.",
    )
    .argument("<file>", fileWords)
    .argument("[input]", "the input")
    .addOption(outputOption())
    .option("--set <name=text>", "an input of a function that names its inputs", collectInput)
    .option("--json", "print the explanation as JSON")
    .addHelpText(
      "after",
      `
Which examples are near is asked of the sentence encoder if it is in the cache, else their words are
compared. A .paw keeps only the examples that its prompt shows.

Examples:
  fuzzc explain triage.fuzz.yaml "Nobody can log in!"
  fuzzc explain rank.paw --set query="last item" --set snippet="xs.at(-1)" --json`,
    )
    .action((file, input, flags) => done(explainAnswer(session, file, input, flags)));

  root
    .command("inspect")
    .summary("show what a .paw holds")
    .argument("<file>", "a .paw")
    .option("--json", "print everything as JSON")
    .action((file, flags) => done(inspectFile(session, file, flags)));

  root
    .command("diff")
    .summary("say in what two .paw differ")
    .description(
      "Compares two programs: spec, output, examples, settings, weights by layer, and what they answer.",
    )
    .argument("<a>", "a .paw")
    .argument("<b>", "another .paw")
    .option(
      "--inputs <path>",
      "what to ask both: a .txt, .csv, .jsonl or *.fuzz.yaml (default: the examples of their prompts)",
    )
    .option("--exit-code", "exit code 1 when they differ")
    .option("--offline", "fetch nothing")
    .option("--json", "print the diff as JSON")
    .addHelpText(
      "after",
      `
A program that can't be run here is compared in all but its answers.

Examples:
  fuzzc diff before.paw after.paw
  fuzzc diff before.paw after.paw --inputs messages.csv        with a column named input
  fuzzc diff before.paw after.paw --inputs triage.fuzz.yaml    its tests and examples`,
    )
    .action((a, b, flags) => done(diffFiles(session, a, b, flags)));

  root
    .command("export")
    .summary("write the full form of a .paw, for official clients")
    .argument("<file>", "a .paw")
    .requiredOption("-o, --out <path>", "where to write it")
    .option("--base-url <url>", "where official clients get the base model from (default: the hub)")
    .action((file, flags) => done(exportFile(session, file, flags)));

  shared(root.command("mcp"))
    .summary("serve functions to agents, as tools over stdio")
    .description("Serves functions as tools of the Model Context Protocol, over stdin and stdout.")
    .argument("<files...>", "a .paw, a *.fuzz.yaml with all its functions, or FILE#NAME for one")
    .addHelpText(
      "after",
      `
An agent's settings name the command; the agent starts it, sees a tool for each function, with the
spec as its description, and ends it. A function is compiled when the server starts, if need be.
It needs the protocol's SDK: npm install @modelcontextprotocol/sdk@1.32.2

Examples:
  fuzzc mcp triage.paw policies.fuzz.yaml
  { "mcpServers": { "triage": { "command": "npx", "args": ["fuzzc", "mcp", "/path/triage.paw"] } } }`,
    )
    .action((files, flags) => done(serveTools(session, files, flags)));

  const models = root.command("models").summary("list and fetch base models");
  models
    .command("list", { isDefault: true })
    .summary("list base models (default)")
    .option("--json", "print one JSON object a line")
    .action((flags) => done(listBaseModels(session, flags)));
  models
    .command("pull")
    .summary("fetch a base model, and print its path")
    .argument("[name]", "a name from the list")
    .option("--offline", "fetch nothing")
    .action((name, flags) => done(pullModel(session, name, flags)));

  root
    .command("doctor")
    .summary("look for what fuzzc needs")
    .option("--json", "print one JSON object a check")
    .action((flags) => done(examine(session, flags)));
  return root;
}

const levels = "0: the spec alone; 1: examples as well (default); 2: train on the examples";
const compileLevels = `${levels}; 3: and on pairs that a teacher writes`;

function shared(
  command: Command,
  description = levels,
  read: (word: string) => CompileLevel = readLevel,
): Command {
  return command
    .addOption(new Option("-O, --level <level>", description).argParser(read))
    .addOption(
      new Option(
        "--interpreter <kind>",
        "of a label function: what must run it (default: what answers more examples right)",
      ).choices(["language", "encoder"]),
    )
    .option("--base <name or path>", "another base model")
    .option("--from-scratch", "without a compiler, from the examples alone: for any base model")
    .option("--offline", "fetch nothing");
}

function outputOption(): Option {
  return new Option(
    "--output <form>",
    "of a spec: text (default), json, or labels: a,b,c",
  ).argParser(readForm);
}

function failUsage(terminal: Terminal, text: string): void {
  const [message = "", ...more] = text.trim().split("\n");
  terminal.fail(`${message.replace(/^error: /, "")} (FUZZ_USAGE)`, more.join(" ").trim());
}
