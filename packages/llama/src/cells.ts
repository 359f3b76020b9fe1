/** A place in a context's memory: the keys and values of one token, shared by all sequences that contain it. */
interface Cell {
  sequences: number;
}

interface Sequence {
  cells: Map<number, Cell>;
  /** The position after the last one; 0 when empty. */
  next: number;
}

/**
 * Keeps count of a context's memory, because the engine does not tell how much of it is free, and answers a batch that
 * doesn't fit or doesn't follow on with no more than a number.
 */
export class Cells {
  readonly capacity: number;
  readonly #sequences: Sequence[];
  #used = 0;

  constructor(capacity: number, sequences: number) {
    this.capacity = capacity;
    this.#sequences = Array.from({ length: sequences }, () => ({ cells: new Map(), next: 0 }));
  }

  get free(): number {
    return this.capacity - this.#used;
  }

  /** The position that must follow in `sequence`, or undefined when it is empty and may start anywhere. */
  next(sequence: number): number | undefined {
    const { cells, next } = this.#of(sequence);
    return cells.size === 0 ? undefined : next;
  }

  /** How many tokens `sequence` holds. */
  length(sequence: number): number {
    return this.#of(sequence).cells.size;
  }

  /** How many cells no sequence but this one holds; that many are free once it is removed. */
  ownCells(sequence: number): number {
    let own = 0;
    for (const cell of this.#of(sequence).cells.values()) {
      own += cell.sequences === 1 ? 1 : 0;
    }
    return own;
  }

  /** Whether all `sequences` end in the same token, or are all empty; only such can go on together. */
  shareEnd(sequences: readonly number[]): boolean {
    const ends = sequences.map((sequence) => {
      const { cells, next } = this.#of(sequence);
      return cells.get(next - 1);
    });
    return ends.every((end) => end === ends[0]);
  }

  add(position: number, sequences: readonly number[]): void {
    const cell = { sequences: sequences.length };
    for (const id of sequences) {
      const sequence = this.#of(id);
      sequence.cells.set(position, cell);
      sequence.next = Math.max(sequence.next, position + 1);
    }
    this.#used++;
  }

  /** Makes `to` the same as `from`. */
  copy(from: number, to: number): void {
    this.remove(to, 0, Number.POSITIVE_INFINITY);
    const source = this.#of(from);
    const target = this.#of(to);
    for (const [position, cell] of source.cells) {
      cell.sequences++;
      target.cells.set(position, cell);
    }
    target.next = source.next;
  }

  /** Takes positions from `start` up to, not including, `end` out of a sequence. */
  remove(id: number, start: number, end: number): void {
    const sequence = this.#of(id);
    sequence.next = 0;
    for (const [position, cell] of sequence.cells) {
      if (position >= start && position < end) {
        sequence.cells.delete(position);
        cell.sequences--;
        this.#used -= cell.sequences === 0 ? 1 : 0;
      } else {
        sequence.next = Math.max(sequence.next, position + 1);
      }
    }
  }

  clear(): void {
    for (const sequence of this.#sequences) {
      sequence.cells.clear();
      sequence.next = 0;
    }
    this.#used = 0;
  }

  #of(sequence: number): Sequence {
    return this.#sequences[sequence] as Sequence;
  }
}
