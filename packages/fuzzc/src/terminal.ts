import type { Writable } from "node:stream";
import { FuzzError } from "@fuzzc/program";

/** A stream that may be a terminal. */
export type Screen = Writable & { isTTY?: boolean; columns?: number };

/**
 * Results to stdout; all else to stderr, and only errors where that is not a terminal.
 * `onClosed` is called when nobody reads stdout any more, or it can't be written to.
 */
export class Terminal {
  readonly #stdout: Screen;
  readonly #stderr: Screen;
  readonly #colours: boolean;
  #status = "";
  #failure: Error | undefined;
  /** Whether nobody reads stdout any more, as behind `| head`. */
  closed = false;

  constructor(stdout: Screen, stderr: Screen, env: NodeJS.ProcessEnv, onClosed: () => void) {
    this.#stdout = stdout;
    this.#stderr = stderr;
    this.#colours = stderr.isTTY === true && !env.NO_COLOR && env.TERM !== "dumb";
    stdout.on("error", (error: NodeJS.ErrnoException) => {
      this.closed = true;
      this.#failure = error.code === "EPIPE" ? undefined : error;
      stdout.emit("drain");
      onClosed();
    });
    // Where errors can't be told, there is nothing left to do about it.
    stderr.on("error", () => {});
  }

  /** Whether work ended only because the reader of stdout has gone, which is no error. */
  leftAlone(error: unknown): boolean {
    const ownError = FuzzError.isInstance(error) && error.code === "FUZZ_OUTPUT_UNWRITABLE";
    return this.closed && this.#failure === undefined && !ownError;
  }

  /** Whether a person watches stderr. */
  get interactive(): boolean {
    return this.#stderr.isTTY === true;
  }

  /**
   * Writes a result, and waits while the reader is slow. Does nothing once the reader has gone.
   * @throws FuzzError FUZZ_OUTPUT_UNWRITABLE when stdout is, say, a file on a full disk.
   */
  async print(text: string): Promise<void> {
    if (!this.closed) {
      this.status("");
      if (!this.#stdout.write(`${text}\n`) && !this.closed) {
        await new Promise<void>((resolve) => this.#stdout.once("drain", resolve));
      }
    }
    if (this.#failure !== undefined) {
      throw new FuzzError(`The output can't be written: ${this.#failure.message}`, {
        code: "FUZZ_OUTPUT_UNWRITABLE",
        kind: "resource",
        cause: this.#failure,
      });
    }
  }

  /** Tells a person something; stays. */
  tell(text: string): void {
    if (this.interactive) {
      this.#write(text);
    }
  }

  /** Asks a person something; the answer stands behind it. */
  prompt(text: string): void {
    if (this.interactive) {
      this.status("");
      this.#stderr.write(text);
    }
  }

  /** Tells what is going on; the next one takes its place, and "" takes it away. */
  status(text: string): void {
    if (!this.interactive) {
      return;
    }
    // A terminal that does not know its width says 0.
    const width = (this.#stderr.columns || 80) - 1;
    const shown = text.length > width ? `${text.slice(0, width - 1)}…` : text;
    if (shown !== this.#status) {
      const rest = " ".repeat(Math.max(0, this.#status.length - shown.length));
      this.#stderr.write(`\r${shown}${rest}\r`);
      this.#status = shown;
    }
  }

  /** An error and what to do about it. */
  fail(message: string, hint?: string): void {
    const prefix = this.#colours ? "\x1b[31mfuzzc:\x1b[39m" : "fuzzc:";
    this.#write(`${prefix} ${message}${hint ? `\n  ${hint}` : ""}`);
  }

  #write(text: string): void {
    this.status("");
    this.#stderr.write(`${text}\n`);
  }
}
