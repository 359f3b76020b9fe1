import { setTimeout as sleep } from "node:timers/promises";
import { type Patience, throwIfAborted } from "@fuzzc/models";
import { FuzzError } from "@fuzzc/program";
import { PassingFailure } from "./remote-errors.ts";

/** Repeats requests to one server that failed in passing. */
export class Retries {
  readonly #patience: Patience;
  /** When the server wants to be asked again; all requests keep to it. */
  #openAtMs = 0;

  constructor(patience: Patience) {
    this.#patience = patience;
  }

  /**
   * Sends a request until there is an answer or patience ends. Pauses double, and differ by chance, so that requests
   * that failed together don't come back together.
   * @throws what `send` throws; for a PassingFailure, its error
   * @throws FuzzError FUZZ_CANCELLED
   */
  async run<Answer>(send: () => Promise<Answer>, signal: AbortSignal | undefined): Promise<Answer> {
    const { attempts, pauseMs, longestPauseMs } = this.#patience;
    for (let attempt = 1; ; attempt++) {
      await this.#waitUntilOpen(signal);
      throwIfAborted(signal);
      try {
        return await send();
      } catch (error) {
        throwIfAborted(signal);
        if (!(error instanceof PassingFailure)) {
          throw error;
        }
        if (attempt >= attempts) {
          throw countAttempts(error.error, attempt);
        }
        if (error.pauseMs === undefined) {
          const backOffMs = pauseMs * 2 ** (attempt - 1) * (0.5 + Math.random() / 2);
          await sleepUnless(Math.min(backOffMs, longestPauseMs), signal);
        } else {
          this.#openAtMs = Math.max(this.#openAtMs, performance.now() + error.pauseMs);
        }
      }
    }
  }

  async #waitUntilOpen(signal: AbortSignal | undefined): Promise<void> {
    // Another request may put it off meanwhile.
    for (;;) {
      const leftMs = this.#openAtMs - performance.now();
      if (leftMs <= 0 || signal?.aborted) {
        return;
      }
      await sleepUnless(Math.ceil(leftMs), signal);
    }
  }
}

function countAttempts(error: FuzzError, attempts: number): FuzzError {
  const { code, kind, hint, message } = error;
  return new FuzzError(`${message} (${attempts} attempts)`, {
    code,
    kind,
    ...(hint !== undefined && { hint }),
    cause: error,
  });
}

/** Ends early, without an error, when the signal fires. */
async function sleepUnless(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await sleep(ms, undefined, signal ? { signal } : {}).catch(() => {});
}
