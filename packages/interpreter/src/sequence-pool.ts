/** The ids of a context's sequences that nobody uses. */
export class SequencePool {
  readonly #free: number[];

  constructor(count: number) {
    this.#free = Array.from({ length: count }, (_, index) => count - 1 - index);
  }

  get free(): number {
    return this.#free.length;
  }

  /** Takes `count` ids, or undefined when there are not so many. */
  take(count: number): number[] | undefined {
    return count > this.#free.length ? undefined : this.#free.splice(this.#free.length - count);
  }

  give(sequences: readonly number[]): void {
    this.#free.push(...sequences);
  }
}
