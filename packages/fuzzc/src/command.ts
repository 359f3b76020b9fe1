import { CommanderError } from "commander";
import { commandLine } from "./command-line.ts";
import type { Session } from "./commands/session.ts";
import { renderError } from "./render-error.ts";
import { Terminal } from "./terminal.ts";

/** What a shell reports for a program that a signal ended. */
const exitCodes = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Runs `fuzzc` with the words behind it; the exit code.
 * The first Ctrl-C ends what is under way and frees everything; the second one ends the process. Work that can end early
 * and keep what it has may ask for one Ctrl-C before them.
 */
export async function main(words: string[]): Promise<number> {
  const interrupt = new AbortController();
  const stop = () => {
    interrupt.abort();
    // Ends the reading of lines that have not come.
    process.stdin.destroy();
  };
  const terminal = new Terminal(process.stdout, process.stderr, process.env, stop);
  let signalled: keyof typeof exitCodes | undefined;
  let finishEarly: (() => void) | undefined;
  const onSignal = (name: keyof typeof exitCodes) => {
    if (signalled !== undefined) {
      process.exit(exitCodes[name]);
    }
    if (name === "SIGINT" && finishEarly !== undefined) {
      finishEarly();
      finishEarly = undefined;
      return;
    }
    signalled = name;
    terminal.tell("Stopping; press Ctrl-C again to stop at once.");
    stop();
  };
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  let exitCode = 0;
  try {
    const session: Session = {
      terminal,
      signal: interrupt.signal,
      stdin: process.stdin,
      onInterrupt(act) {
        finishEarly = act;
      },
    };
    const root = commandLine(session, (code) => {
      exitCode = code;
    });
    await root.parseAsync(words, { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) {
      // Help and the version are no errors; the rest has been told.
      exitCode = error.exitCode === 0 ? 0 : 2;
    } else if (signalled === undefined && !terminal.leftAlone(error)) {
      const rendered = renderError(error);
      terminal.fail(rendered.message, rendered.hint);
      exitCode = rendered.exitCode;
    }
  } finally {
    terminal.status("");
    // A stream that was being read would keep the process alive.
    process.stdin.destroy();
    process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
  }
  return signalled === undefined ? exitCode : exitCodes[signalled];
}
