import type { Readable } from "node:stream";
import type { OptimisationLevel } from "@fuzzc/compiler";
import { describeProgress } from "../describe-progress.ts";
import { noCompiler } from "../find-compiler.ts";
import type { OpenOptions } from "../open-target.ts";
import type { InterpreterKind } from "../setup-options.ts";
import type { Terminal } from "../terminal.ts";

/** What every command works with. */
export interface Session {
  terminal: Terminal;
  /** Fires at Ctrl-C. */
  signal: AbortSignal;
  stdin: Readable & { isTTY?: boolean };
  /** What the next Ctrl-C does instead of ending the command; undefined: it ends it again. */
  onInterrupt(act: (() => void) | undefined): void;
}

/** The options that many commands share, as the command line gives them. */
export interface SharedFlags {
  base?: string;
  fromScratch?: boolean;
  offline?: boolean;
  level?: OptimisationLevel;
  interpreter?: InterpreterKind;
  json?: boolean;
}

/** What `fuzzy` and `load` take, from a command's options; progress goes to the terminal. */
export function openOptions({ terminal, signal }: Session, flags: SharedFlags): OpenOptions {
  return {
    base: flags.base,
    // Left out, FUZZC_OFFLINE decides.
    offline: flags.offline ? true : undefined,
    level: flags.level,
    ...(flags.interpreter && { interpreter: flags.interpreter }),
    ...(flags.fromScratch && { compiler: noCompiler }),
    signal,
    onProgress: (progress) => terminal.status(describeProgress(progress)),
    onCompiled: ({ summary }) => terminal.tell(`Compiled ${summary}`),
  };
}
