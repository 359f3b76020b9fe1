// The process that trains. It is forked by run-worker.ts, so that an assertion in the engine ends only it.
import { FuzzError } from "@fuzzc/program";
import type { Order, Report, ToldError } from "./messages.ts";
import type { SessionOptions } from "./session.ts";
import { runSession } from "./train-session.ts";

let cancelled = false;

process.on("message", (order: Order) => {
  if (order.type === "stop") {
    cancelled = true;
  } else {
    void train(order.options);
  }
});
// A Ctrl-C reaches all processes of a terminal; the parent says what it means.
process.on("SIGINT", () => {});
// Without a parent there is nobody to train for.
process.on("disconnect", () => process.exit());

async function train(options: SessionOptions): Promise<void> {
  let last: Report;
  try {
    const outcome = await runSession(options, {
      onProgress: (progress) => tell({ type: "progress", progress }),
      onBest: (best) => tell({ type: "best", best }),
      isCancelled: () => cancelled,
    });
    last = { type: "done", outcome };
  } catch (error) {
    last = { type: "error", error: describe(error) };
  }
  // Not before the message has gone out, and all earlier ones with it.
  tell(last, () => process.disconnect());
}

function tell(report: Report, then: () => void = () => {}): void {
  process.send?.(report, then);
}

function describe(error: unknown): ToldError {
  if (FuzzError.isInstance(error)) {
    const { message, code, kind, hint } = error;
    return { message, code, kind, hint };
  }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { message, code: "FUZZ_TRAINING_FAILED", kind: "internal", hint: undefined };
}
