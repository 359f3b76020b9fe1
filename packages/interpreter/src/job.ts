import type { DecodeEntry } from "@fuzzc/llama";
import type { FuzzError } from "@fuzzc/program";
import type { Decoded, DecodeRequest, Decoder, TreeNode } from "./decoder.ts";

/** An entry of a batch, and who wants its logits. */
export interface JobEntry extends DecodeEntry {
  read: ((logits: Float32Array) => void) | undefined;
}

/** What a job is made of. */
export interface JobOptions {
  /** The input and the suffix; at least one token. */
  prompt: Int32Array;
  /** Position of the prompt's first token. */
  start: number;
  decoder: Decoder;
  /** Sequences it needs: leaves of its widest request. */
  branches: number;
  /** Cells it may come to use, besides those of the prefix. */
  cells: number;
}

/** Points in time, as `performance.now()` gives them. */
export interface JobTimes {
  submitted: number;
  admitted: number;
  inputRead: number;
  finished: number;
}

/** One input on its way to its answer: what has been read of it, and what has to be read next. */
export class Job {
  readonly options: JobOptions;
  readonly result: Promise<Decoded>;
  readonly times: JobTimes = {
    submitted: performance.now(),
    admitted: 0,
    inputRead: 0,
    finished: 0,
  };
  sequences: number[] = [];
  /** Still to be read, in order. */
  entries: JobEntry[] = [];
  /** Cells used so far, besides those of the prefix. */
  used = 0;
  settled = false;
  readonly #settle: PromiseWithResolvers<Decoded>;

  constructor(options: JobOptions) {
    this.options = options;
    this.#settle = withResolvers();
    this.result = this.#settle.promise;
  }

  /** Begins, with sequences that hold the prefix. */
  admit(sequences: number[]): void {
    this.sequences = sequences;
    this.times.admitted = performance.now();
    this.#advance();
  }

  /**
   * Notes that `count` entries have been read and their readers called.
   * @returns the position from which on the sequences hold something that is not wanted any more, if they do.
   */
  noteRead(count: number): number | undefined {
    this.entries.splice(0, count);
    this.used += count;
    if (this.entries.length > 0) {
      return undefined;
    }
    if (this.times.inputRead === 0) {
      this.times.inputRead = performance.now();
    }
    return this.#advance();
  }

  fail(error: FuzzError | unknown): void {
    if (!this.settled) {
      this.settled = true;
      this.times.finished = performance.now();
      this.#settle.reject(error);
    }
  }

  /** Asks the decoder what to read next, or ends. */
  #advance(): number | undefined {
    const { decoder, prompt, start } = this.options;
    try {
      const next = decoder.next();
      if (next.done) {
        this.settled = true;
        this.times.finished = performance.now();
        this.#settle.resolve(next.value);
        return undefined;
      }
      const end = start + prompt.length;
      const first = this.used === 0;
      this.entries = [
        ...(first ? this.#promptEntries(next.value) : []),
        ...this.#treeEntries(next.value, end),
      ];
      const kept = prompt.length + next.value.keep;
      if (first || kept >= this.used) {
        return undefined;
      }
      this.used = kept;
      return start + kept;
    } catch (error) {
      this.fail(error);
      return undefined;
    }
  }

  #promptEntries({ readPrompt }: DecodeRequest): JobEntry[] {
    const { prompt, start } = this.options;
    return Array.from(prompt, (token, index) => {
      const read = index === prompt.length - 1 ? readPrompt : undefined;
      return {
        token,
        position: start + index,
        sequences: this.sequences,
        output: read !== undefined,
        read,
      };
    });
  }

  #treeEntries({ keep, nodes }: DecodeRequest, end: number): JobEntry[] {
    const depths: number[] = [];
    for (const [index, { parent }] of nodes.entries()) {
      depths[index] = parent === -1 ? 0 : (depths[parent] as number) + 1;
    }
    const branches = listBranches(nodes);
    return nodes.map(({ token, read }, index) => ({
      token,
      position: end + keep + (depths[index] as number),
      sequences: (branches[index] as number[]).map((branch) => this.sequences[branch] as number),
      output: read !== undefined,
      read,
    }));
  }
}

/** For each node the leaves below it, which are the branches it is part of. */
function listBranches(nodes: readonly TreeNode[]): number[][] {
  const branches: number[][] = nodes.map(() => []);
  const parents = new Set(nodes.map(({ parent }) => parent));
  let leaf = 0;
  for (let index = 0; index < nodes.length; index++) {
    if (!parents.has(index)) {
      for (let at = index; at !== -1; at = (nodes[at] as TreeNode).parent) {
        (branches[at] as number[]).push(leaf);
      }
      leaf++;
    }
  }
  return branches;
}

function withResolvers<Value>(): PromiseWithResolvers<Value> {
  let resolve!: PromiseWithResolvers<Value>["resolve"];
  let reject!: PromiseWithResolvers<Value>["reject"];
  const promise = new Promise<Value>((onValue, onError) => {
    resolve = onValue;
    reject = onError;
  });
  return { promise, resolve, reject };
}

/** As `Promise.withResolvers` gives it from Node 22 on. */
interface PromiseWithResolvers<Value> {
  promise: Promise<Value>;
  resolve: (value: Value) => void;
  reject: (reason: unknown) => void;
}
