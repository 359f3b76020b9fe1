import { Cells } from "./cells.ts";
import { checkInteger } from "./errors.ts";
import type { Native } from "./native.ts";
import type { Pointer } from "./native-library.ts";

/** The memory of one context: the engine's, and our count of it, which change together. */
export class Memory {
  readonly cells: Cells;
  readonly #sequences: number;
  readonly #native: Native;
  readonly #pointer: Pointer;

  constructor(native: Native, context: Pointer, sequences: number) {
    this.#native = native;
    this.#pointer = native.llama_get_memory(context);
    this.#sequences = sequences;
    this.cells = new Cells(native.llama_n_ctx(context), sequences);
  }

  /** Makes sequence `to` the same as `from`, sharing its cells. */
  copy(from: number, to: number): void {
    this.checkSequence(from);
    this.checkSequence(to);
    if (from !== to) {
      this.remove(to);
      this.#native.llama_memory_seq_cp(this.#pointer, from, to, -1, -1);
      this.cells.copy(from, to);
    }
  }

  /** Forgets the positions from `start` up to, not including, `end` (-1: all that follow). */
  remove(sequence: number, start = 0, end = -1): void {
    this.checkSequence(sequence);
    checkInteger("The first position", start, 0, 2 ** 31 - 1);
    checkInteger("The end position", end, -1, 2 ** 31 - 1);
    this.#native.llama_memory_seq_rm(this.#pointer, sequence, start, end);
    this.cells.remove(sequence, start, end < 0 ? Number.POSITIVE_INFINITY : end);
  }

  clear(): void {
    this.#native.llama_memory_clear(this.#pointer, false);
    this.cells.clear();
  }

  /** @throws FuzzError FUZZ_OUT_OF_RANGE */
  checkSequence(sequence: number): void {
    checkInteger("The sequence", sequence, 0, this.#sequences - 1);
  }
}
