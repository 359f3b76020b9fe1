import { FuzzError } from "@fuzzc/program";
import koffi from "koffi";
import { disposedError, engineError } from "./errors.ts";
import { measureGrammarDepth } from "./grammar-depth.ts";
import type { Native } from "./native.ts";
import type { Pointer } from "./native-library.ts";
import type { Tokenizer } from "./tokenizer.ts";

// The engine's parser keeps every rule in memory, and recurses at every bracket: 20,000 overrun its stack.
const maxGrammarBytes = 1024 ** 2;
const maxGrammarDepth = 200;
// struct llama_token_data { int32 id; float logit; float p }
const candidateWords = 3;

/** Where a text stands in a GBNF grammar: which tokens may come next. */
export class Grammar implements Disposable {
  readonly #native: Native;
  readonly #tokenizer: Tokenizer;
  readonly #grammars: Set<Grammar>;
  #pointer: Pointer | null;

  /** Made by `Model.openGrammar`; `grammars` are the model's open ones. */
  constructor(native: Native, tokenizer: Tokenizer, pointer: Pointer, grammars: Set<Grammar>) {
    this.#native = native;
    this.#tokenizer = tokenizer;
    this.#pointer = pointer;
    this.#grammars = grammars;
    grammars.add(this);
  }

  /** Whether `token` may come next; the end of generation may where the grammar is complete. */
  allows(token: number): boolean {
    this.#tokenizer.checkToken(token);
    return this.#apply([token])[1] !== Number.NEGATIVE_INFINITY;
  }

  /**
   * The logits with -Infinity for every token that may not come next; `logits` itself is left alone.
   * Walks the whole vocabulary, about 10 ms: check single tokens with `allows` first.
   */
  mask(logits: Float32Array): Float32Array {
    const size = this.#tokenizer.vocabularySize;
    if (logits.length !== size) {
      throw new FuzzError(`${logits.length} logits for a vocabulary of ${size}`, {
        code: "FUZZ_OUT_OF_RANGE",
      });
    }
    const refused = this.#apply(Array.from({ length: size }, (_, token) => token));
    return logits.map((logit, token) =>
      refused[token * candidateWords + 1] === Number.NEGATIVE_INFINITY
        ? Number.NEGATIVE_INFINITY
        : logit,
    );
  }

  /** Moves on by one token. */
  accept(token: number): void {
    // The engine would throw through C, which ends the process.
    if (!this.allows(token)) {
      throw new FuzzError(`The grammar does not allow token ${token} here`, {
        code: "FUZZ_GRAMMAR_REFUSED",
      });
    }
    this.#native.llama_sampler_accept(this.#live(), token);
  }

  /** A second walker at the same place. */
  clone(): Grammar {
    const pointer = this.#native.llama_sampler_clone(this.#live());
    if (pointer === null) {
      throw engineError("The engine could not copy a grammar");
    }
    return new Grammar(this.#native, this.#tokenizer, pointer, this.#grammars);
  }

  /** Goes back to the start. */
  reset(): void {
    this.#native.llama_sampler_reset(this.#live());
  }

  dispose(): void {
    if (this.#pointer !== null) {
      this.#native.llama_sampler_free(this.#pointer);
      this.#grammars.delete(this);
      this.#pointer = null;
    }
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** Runs the grammar over candidates; word 1 of each candidate's three is -Infinity where it is refused. */
  #apply(tokens: number[]): Float32Array {
    const words = new Float32Array(tokens.length * candidateWords);
    const ids = new Int32Array(words.buffer);
    tokens.forEach((token, index) => {
      ids[index * candidateWords] = token;
    });
    this.#native.llama_sampler_apply(this.#live(), {
      data: koffi.address(words),
      size: tokens.length,
      selected: -1,
      sorted: false,
    });
    return words;
  }

  #live(): Pointer {
    if (this.#pointer === null) {
      throw disposedError("grammar");
    }
    return this.#pointer;
  }
}

/**
 * Parses a grammar.
 * @throws FuzzError FUZZ_GRAMMAR_INVALID
 */
export function openGrammar(
  native: Native,
  tokenizer: Tokenizer,
  gbnf: string,
  root: string,
  grammars: Set<Grammar>,
): Grammar {
  const fault = findFault(gbnf);
  const pointer =
    fault === undefined ? native.llama_sampler_init_grammar(tokenizer.pointer, gbnf, root) : null;
  if (pointer === null) {
    throw new FuzzError(
      `The grammar can't be used: ${fault ?? `it can't be parsed from its root "${root}"`}`,
      { code: "FUZZ_GRAMMAR_INVALID" },
    );
  }
  return new Grammar(native, tokenizer, pointer, grammars);
}

function findFault(gbnf: string): string | undefined {
  if (gbnf.trim() === "" || gbnf.includes("\0")) {
    return "it is empty, or contains a NUL";
  }
  const bytes = Buffer.byteLength(gbnf);
  if (bytes > maxGrammarBytes) {
    return `it has ${bytes} bytes; the limit is ${maxGrammarBytes}`;
  }
  const depth = measureGrammarDepth(gbnf);
  if (depth > maxGrammarDepth) {
    return `its brackets nest ${depth} deep; the limit is ${maxGrammarDepth}`;
  }
  return undefined;
}
