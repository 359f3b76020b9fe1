import { type ChildProcess, fork } from "node:child_process";
import { FuzzError } from "@fuzzc/program";
import type { Order, Report, ToldError } from "./messages.ts";
import type { Best, Progress, SessionOptions, SessionOutcome } from "./session.ts";

/** What came of a training's process. */
export interface WorkerOutcome {
  /** The best adapter that it told of. */
  best: Best | undefined;
  progress: Progress | undefined;
  /** Absent when the process did not come to its end. */
  outcome: SessionOutcome | undefined;
  /** Why it did not. */
  failure: FuzzError | undefined;
}

// One update on a slow machine; then the process is ended from outside.
const stopGraceMs = 30_000;
const keptErrorText = 4000;

/**
 * Trains in a child process, and waits until it has ended, however that comes about.
 * @param worker the module that it runs, see worker.ts.
 */
export function runWorker(
  worker: URL,
  options: SessionOptions,
  hooks: { signal?: AbortSignal; onProgress?(progress: Progress): void },
): Promise<WorkerOutcome> {
  const child = fork(worker, [], {
    // Adapters are bytes, which JSON would turn into objects.
    serialization: "advanced",
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    // Loaders of the parent are nothing to the child. A backtrace would make the engine start a debugger.
    execArgv: [],
    env: { ...process.env, GGML_NO_BACKTRACE: "1" },
  });
  const outcome: WorkerOutcome = {
    best: undefined,
    progress: undefined,
    outcome: undefined,
    failure: undefined,
  };
  let errorText = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    errorText = (errorText + text).slice(-keptErrorText);
  });
  child.on("message", (report: Report) => {
    if (report.type === "progress") {
      outcome.progress = report.progress;
      hooks.onProgress?.(report.progress);
    } else if (report.type === "best") {
      outcome.best = report.best;
    } else if (report.type === "done") {
      outcome.outcome = report.outcome;
    } else {
      outcome.failure = revive(report.error);
    }
  });
  const stopListening = stopOn(child, hooks.signal);
  return new Promise((resolve) => {
    const end = (failure: FuzzError | undefined) => {
      stopListening();
      if (outcome.outcome === undefined) {
        outcome.failure ??= failure;
      }
      resolve(outcome);
    };
    child.once("error", (cause) => end(failed("it could not be started", cause)));
    child.once("close", (code, signal) => end(failed(describeEnd(code, signal, errorText))));
    order(child, { type: "start", options });
  });
}

/** Asks the child to stop once `signal` is aborted, and ends it when it does not. @returns how to stop listening. */
function stopOn(child: ChildProcess, signal: AbortSignal | undefined): () => void {
  let timer: NodeJS.Timeout | undefined;
  const stop = () => {
    order(child, { type: "stop" });
    timer = setTimeout(() => child.kill("SIGKILL"), stopGraceMs);
  };
  signal?.addEventListener("abort", stop, { once: true });
  return () => {
    signal?.removeEventListener("abort", stop);
    clearTimeout(timer);
  };
}

function order(child: ChildProcess, what: Order): void {
  // A child that has ended can't be told anything; its end is reported elsewhere.
  child.send(what, () => {});
}

function describeEnd(code: number | null, signal: string | null, errorText: string): string {
  const end = signal === null ? `it ended with code ${code}` : `it was ended by ${signal}`;
  const lines = errorText.split("\n").filter((line) => line.trim() !== "");
  const assertion = lines.find((line) => line.includes("GGML_ASSERT")) ?? lines.at(-1);
  return assertion === undefined ? end : `${end}: ${assertion.trim()}`;
}

function failed(what: string, cause?: unknown): FuzzError {
  return new FuzzError(`The training's process failed: ${what}`, {
    code: "FUZZ_TRAINING_FAILED",
    kind: "internal",
    hint: "With a checkpoint, the same call goes on where it was.",
    cause,
  });
}

function revive({ message, code, kind, hint }: ToldError): FuzzError {
  return new FuzzError(message, hint === undefined ? { code, kind } : { code, kind, hint });
}
