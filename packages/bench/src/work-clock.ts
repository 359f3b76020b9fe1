/** Tells how long work will still take, when pieces of one kind take about as long as each other. */
export class WorkClock {
  readonly #left = new Map<string, number>();
  readonly #spent = new Map<string, { pieces: number; ms: number }>();

  /** @param kinds of every piece that is to be done */
  constructor(kinds: readonly string[]) {
    for (const kind of kinds) {
      this.#left.set(kind, (this.#left.get(kind) ?? 0) + 1);
    }
  }

  /** Notes that a piece is done. */
  note(kind: string, ms: number): void {
    const { pieces, ms: before } = this.#spent.get(kind) ?? { pieces: 0, ms: 0 };
    this.#spent.set(kind, { pieces: pieces + 1, ms: before + ms });
    this.#left.set(kind, (this.#left.get(kind) ?? 1) - 1);
  }

  /** Milliseconds; a kind that has not been seen yet counts as the mean of all. */
  leftMs(): number {
    const all = [...this.#spent.values()];
    const mean = (parts: { pieces: number; ms: number }[]) =>
      parts.reduce((sum, { ms }) => sum + ms, 0) /
      Math.max(
        1,
        parts.reduce((sum, { pieces }) => sum + pieces, 0),
      );
    return [...this.#left].reduce((sum, [kind, pieces]) => {
      const own = this.#spent.get(kind);
      return sum + pieces * mean(own ? [own] : all);
    }, 0);
  }

  /** For people: "12 left, about 5 minutes". */
  describe(): string {
    const pieces = [...this.#left.values()].reduce((sum, count) => sum + count, 0);
    return `${pieces} left, about ${Math.ceil(this.leftMs() / 60_000)} minutes`;
  }
}
