import type { ErrorKind } from "@fuzzc/program";
import type { Best, Progress, SessionOptions, SessionOutcome } from "./session.ts";

/** What the parent says to the training's process. */
export type Order = { type: "start"; options: SessionOptions } | { type: "stop" };

/** What the training's process says to its parent. */
export type Report =
  | { type: "progress"; progress: Progress }
  | { type: "best"; best: Best }
  | { type: "done"; outcome: SessionOutcome }
  | { type: "error"; error: ToldError };

/** A FuzzError on its way between processes. */
export interface ToldError {
  message: string;
  code: string;
  kind: ErrorKind;
  hint: string | undefined;
}
