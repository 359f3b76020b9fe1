/** A fair mutual exclusion: tasks run one at a time, in the order they came. */
export class Lock {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs `task` once all earlier ones have settled; a failed task doesn't hold up the next. */
  run<Result>(task: () => Promise<Result> | Result): Promise<Result> {
    const result = this.#last.then(() => task());
    this.#last = result.catch(() => {});
    return result;
  }
}
