import type { OnFuzzyProgress } from "../progress.ts";
import type { Session } from "./session.ts";

export interface StopOffer extends Disposable {
  /** Fires when the training is to end and keep its best. */
  stop: AbortSignal;
  onProgress: OnFuzzyProgress;
}

/** Has the first Ctrl-C during a training end only that, so that its best so far is kept; the second one cancels. */
export function offerToStop(session: Session, onProgress: OnFuzzyProgress | undefined): StopOffer {
  const controller = new AbortController();
  const stop = () => {
    session.terminal.tell("Ending the training, keeping its best so far; Ctrl-C again cancels.");
    controller.abort();
  };
  return {
    stop: controller.signal,
    onProgress(progress) {
      const trains = progress.phase === "compile" && progress.stage === "training";
      if (!controller.signal.aborted) {
        session.onInterrupt(trains ? stop : undefined);
      }
      onProgress?.(progress);
    },
    [Symbol.dispose]: () => session.onInterrupt(undefined),
  };
}
