import { FreeCores } from "./free-cores.ts";
import { Lock } from "./lock.ts";

// The models are small: more threads would find too little work between two waits.
const maxThreads = 2;

/** The one place where the process computes: two computations at a time would spin against each other's threads. */
export class Lane {
  readonly #lock = new Lock();
  readonly #freeCores = new FreeCores();

  /** Runs `task` when its turn comes, with the number of threads that is best by then. */
  run<Result>(task: (threads: number) => Promise<Result>): Promise<Result> {
    return this.#lock.run(() => task(Math.min(maxThreads, this.#freeCores.count())));
  }
}
