import { FuzzError } from "@fuzzc/program";
import { InvalidArgumentError } from "commander";
import { readLines } from "../read-lines.ts";
import type { Session } from "./session.ts";

/** Asks a person, or a file of answers, one question a line. */
export class Questions implements AsyncDisposable {
  readonly #session: Session;
  readonly #lines: ReturnType<typeof readLines>;

  constructor(session: Session) {
    this.#session = session;
    this.#lines = readLines(session.stdin);
  }

  /**
   * Asks until the answer is right. An empty answer is the preset.
   * @param read makes a value of the answer, or throws an InvalidArgumentError that says what it must be.
   * @throws FuzzError FUZZ_NO_ANSWER when the input ends first
   */
  async ask<Value>(
    question: string,
    read: (answer: string) => Value,
    preset: string,
  ): Promise<Value> {
    const { terminal, signal } = this.#session;
    for (;;) {
      terminal.prompt(`${question} [${preset}] `);
      const { value: line, done } = await this.#lines.next();
      signal.throwIfAborted();
      if (done) {
        throw new FuzzError(`The input ended before the answer to: ${question}`, {
          code: "FUZZ_NO_ANSWER",
          hint: "Answer all questions, or use --yes.",
        });
      }
      if ("error" in line) {
        throw line.error;
      }
      try {
        return read(line.text.trim() || preset);
      } catch (error) {
        if (!(error instanceof InvalidArgumentError)) {
          throw error;
        }
        terminal.tell(error.message);
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#lines.return();
  }
}
