import type { Example } from "@fuzzc/program";

/**
 * Knows which inputs there are. The user's own stand above those of a teacher: an input that is nearly one of theirs is
 * a duplicate whatever its output. Two of the teacher's that differ only in case, spaces and punctuation are one unless
 * their outputs differ: then they are a near miss, from which a function learns what counts.
 */
export class Duplicates {
  readonly #own: ReadonlySet<string>;
  readonly #exact = new Set<string>();
  readonly #near = new Set<string>();

  constructor(own: readonly Example[]) {
    this.#own = new Set(own.map(({ input }) => normaliseInput(input)));
  }

  /** Notes an example. @returns false when it is a duplicate, which is not noted. */
  add({ input, output }: Example): boolean {
    const normal = normaliseInput(input);
    const exact = input.trim();
    const near = `${normal}\n${output}`;
    if (this.#own.has(normal) || this.#exact.has(exact) || this.#near.has(near)) {
      return false;
    }
    this.#exact.add(exact);
    this.#near.add(near);
    return true;
  }
}

/** An input without what makes no difference to most functions. One of punctuation alone stays as it is. */
export function normaliseInput(input: string): string {
  const text = input.normalize("NFKC").toLowerCase().trim().replace(/\s+/g, " ");
  const words = text.replace(/[^\p{Letter}\p{Number}]+/gu, " ").trim();
  return words === "" ? text : words;
}
