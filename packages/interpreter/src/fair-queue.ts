/** Somebody who takes turns. */
export interface Member {
  /** What the member has been given so far, in tokens. */
  served: number;
}

/**
 * Shares one lane: whoever has been given least goes first. A member that comes, or comes back, starts level with those
 * who are there, so that it neither waits for them nor makes them wait for the time it was away.
 */
export class FairQueue<One extends Member> {
  readonly #members = new Set<One>();
  #level = 0;

  join(member: One): void {
    if (!this.#members.has(member)) {
      member.served = Math.max(member.served, this.#level);
      this.#members.add(member);
    }
  }

  has(member: One): boolean {
    return this.#members.has(member);
  }

  leave(member: One): void {
    this.#members.delete(member);
  }

  charge(member: One, cost: number): void {
    member.served += cost;
    // Everyone here has been given at least this much.
    this.#level = Math.min(member.served, ...[...this.#members].map(({ served }) => served));
  }

  /** All members, in the order of their turns. */
  order(): One[] {
    return [...this.#members].sort((a, b) => a.served - b.served);
  }

  get size(): number {
    return this.#members.size;
  }
}
