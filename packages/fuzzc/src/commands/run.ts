import type { JsonValue } from "@fuzzc/program";
import { FuzzError } from "@fuzzc/program";
import type { Detail } from "../fuzzy-function.ts";
import { findTarget, openTarget } from "../open-target.ts";
import type { OutputForm } from "../output-form.ts";
import { parseJsonLine } from "../parse-json-line.ts";
import { type Line, readLines } from "../read-lines.ts";
import { renderError } from "../render-error.ts";
import { openOptions, type Session, type SharedFlags } from "./session.ts";

export interface RunFlags extends SharedFlags {
  jsonl?: boolean;
  output?: OutputForm;
  timeoutMs?: number;
}

/** `fuzzc run`: answers the inputs of the command line, or the lines of stdin. */
export async function runFunction(
  session: Session,
  word: string,
  inputs: string[],
  flags: RunFlags,
): Promise<number> {
  const { terminal, signal, stdin } = session;
  const target = await findTarget(word, flags.output);
  await using answer = await openTarget(target, openOptions(session, flags));
  terminal.status("");
  const options = { signal, timeoutMs: flags.timeoutMs };
  const [only] = inputs;
  if (only !== undefined && inputs.length === 1) {
    const detail = await answer.detail(only, options);
    await terminal.print(flags.json ? jsonLine(only, detail) : plainText(detail.output));
    return 0;
  }
  if (inputs.length === 0 && stdin.isTTY) {
    terminal.tell("One input a line; Ctrl-D ends.");
  }
  const lines = inputs.length > 0 ? fromWords(inputs) : fromStdin(stdin, flags.jsonl === true);
  const queue: Line[] = [];
  let exitCode = 0;
  const giveError = async (input: string | undefined, error: unknown) => {
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
    const line = queue.shift() as Line & { text: string };
    if (settled.status === "rejected") {
      await giveError(line.text, settled.reason);
    } else {
      const { output } = settled.value;
      await terminal.print(flags.json ? jsonLine(line.text, settled.value) : plainLine(output));
    }
    if (terminal.closed) {
      return exitCode;
    }
  }
  await giveUnreadable();
  return exitCode;
}

/** The texts of the lines that could be read; every line goes into the queue, in its place. */
async function* enqueue(lines: AsyncIterable<Line>, queue: Line[]): AsyncGenerator<string> {
  for await (const line of lines) {
    queue.push(line);
    if (!("error" in line)) {
      yield line.text;
    }
  }
}

async function* fromWords(words: string[]): AsyncGenerator<Line> {
  for (const [index, text] of words.entries()) {
    yield { number: index + 1, text };
  }
}

async function* fromStdin(stdin: AsyncIterable<Uint8Array>, isJson: boolean): AsyncGenerator<Line> {
  for await (const line of readLines(stdin)) {
    if (!isJson) {
      yield line;
    } else if ("error" in line || line.text.trim() !== "") {
      yield parseJsonLine(line);
    }
  }
}

function jsonLine(input: string, detail: Detail<JsonValue>): string {
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

function jsonError(input: string | undefined, error: unknown): string {
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
