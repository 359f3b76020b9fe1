import { FuzzError, type FuzzyInput, type JsonValue } from "@fuzzc/program";
import type { Detail } from "../fuzzy-function.ts";
import { findTarget, openTarget } from "../open-target.ts";
import type { OutputForm } from "../output-form.ts";
import { type InputLine, parseJsonLine } from "../parse-json-line.ts";
import { readLines } from "../read-lines.ts";
import { renderError } from "../render-error.ts";
import { openOptions, type Session, type SharedFlags } from "./session.ts";

export interface RunFlags extends SharedFlags {
  jsonl?: boolean;
  output?: OutputForm;
  /** One input by its names. */
  set?: Record<string, string>;
  timeoutMs?: number;
}

/** `fuzzc run`: answers the inputs of the command line, or the lines of stdin. */
export async function runFunction(
  session: Session,
  word: string,
  words: string[],
  flags: RunFlags,
): Promise<number> {
  const { terminal, signal, stdin } = session;
  const target = await findTarget(word, flags.output);
  await using answer = await openTarget(target, openOptions(session, flags));
  terminal.status("");
  const options = { signal, timeoutMs: flags.timeoutMs };
  const names = answer.program.meta.inputs;
  const inputs = flags.set === undefined ? words : [flags.set];
  checkInputs(words, flags, names);
  const [only] = inputs;
  if (only !== undefined && inputs.length === 1) {
    const detail = await answer.detail(only, options);
    await terminal.print(flags.json ? jsonLine(only, detail) : plainText(detail.output));
    return 0;
  }
  if (inputs.length === 0 && stdin.isTTY) {
    terminal.tell("One input a line; Ctrl-D ends.");
  }
  const lines =
    inputs.length > 0 ? fromWords(words) : fromStdin(stdin, flags.jsonl === true, names);
  const queue: InputLine[] = [];
  let exitCode = 0;
  const giveError = async (input: FuzzyInput | undefined, error: unknown) => {
    if (signal.aborted) {
      throw error;
    }
    exitCode = 1;
    const { message, hint } = renderError(error);
    terminal.fail(message, hint);
    await terminal.print(flags.json ? jsonError(input, error) : "null");
  };
  /** Lines that could not be read, up to the first one that could. */
  const giveUnreadable = async () => {
    for (let [line] = queue; line !== undefined && "error" in line; [line] = queue) {
      queue.shift();
      await giveError(undefined, line.error);
    }
  };
  for await (const settled of answer.mapSettled(enqueue(lines, queue), options)) {
    await giveUnreadable();
    const line = queue.shift() as InputLine & { input: FuzzyInput };
    if (settled.status === "rejected") {
      await giveError(line.input, settled.reason);
    } else {
      const { output } = settled.value;
      await terminal.print(flags.json ? jsonLine(line.input, settled.value) : plainLine(output));
    }
    if (terminal.closed) {
      return exitCode;
    }
  }
  await giveUnreadable();
  return exitCode;
}

/** @throws FuzzError FUZZ_OPTION_INVALID when inputs with names are given without them, or the other way round. */
function checkInputs(
  words: readonly string[],
  { set, jsonl }: RunFlags,
  names: readonly string[] | undefined,
): void {
  if (set !== undefined && words.length > 0) {
    throw new FuzzError("Inputs are given both as words and by --set", {
      code: "FUZZ_OPTION_INVALID",
      hint: "Give one or the other.",
    });
  }
  if (names !== undefined && set === undefined && (words.length > 0 || !jsonl)) {
    const flags = names.map((name) => `--set ${name}=…`).join(" ");
    throw new FuzzError(`The function takes ${names.join(", ")}, not plain text`, {
      code: "FUZZ_OPTION_INVALID",
      hint: `Give ${flags}, or --jsonl with an object a line.`,
    });
  }
}

/** The inputs of the lines that could be read; every line goes into the queue, in its place. */
async function* enqueue(
  lines: AsyncIterable<InputLine>,
  queue: InputLine[],
): AsyncGenerator<FuzzyInput> {
  for await (const line of lines) {
    queue.push(line);
    if (!("error" in line)) {
      yield line.input;
    }
  }
}

async function* fromWords(words: string[]): AsyncGenerator<InputLine> {
  for (const [index, input] of words.entries()) {
    yield { number: index + 1, input };
  }
}

async function* fromStdin(
  stdin: AsyncIterable<Uint8Array>,
  isJson: boolean,
  names: readonly string[] | undefined,
): AsyncGenerator<InputLine> {
  for await (const line of readLines(stdin)) {
    if ("error" in line) {
      yield line;
    } else if (!isJson) {
      yield { number: line.number, input: line.text };
    } else if (line.text.trim() !== "") {
      yield parseJsonLine(line, names);
    }
  }
}

function jsonLine(input: FuzzyInput, detail: Detail<JsonValue>): string {
  const { output, probability, labels, abstained, timings } = detail;
  const ms = Math.round(timings.totalMs * 10) / 10;
  return JSON.stringify({
    input,
    output: abstained ? null : output,
    probability,
    labels,
    abstained,
    ms,
  });
}

function jsonError(input: FuzzyInput | undefined, error: unknown): string {
  const { message } = error as Error;
  const code = FuzzError.isInstance(error) ? error.code : "FUZZ_INTERNAL";
  return JSON.stringify({ input: input ?? null, output: null, error: { code, message } });
}

/** Text as it is, all else as JSON. */
function plainText(output: JsonValue): string {
  return typeof output === "string" ? output : JSON.stringify(output);
}

/** On one line, so that the n-th line of output answers the n-th line of input. */
function plainLine(output: JsonValue): string {
  return plainText(output).replace(/\r?\n|\r/g, "\\n");
}
