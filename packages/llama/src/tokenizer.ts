import { FuzzError } from "@fuzzc/program";
import { checkInteger, engineError } from "./errors.ts";
import type { Native } from "./native.ts";
import type { Pointer } from "./native-library.ts";

// More than any context holds; the event loop waits up to a second for so much.
const maxTextBytes = 1024 ** 2;

/** The vocabulary of a model. */
export class Tokenizer {
  readonly vocabularySize: number;
  /** The token that ends an answer. */
  readonly endToken: number;
  /** The token that begins every text, where the model was trained with one. */
  readonly beginToken: number | undefined;
  readonly pointer: Pointer;
  readonly #native: Native;
  readonly #pieces = new Map<number, Uint8Array>();

  constructor(native: Native, model: Pointer) {
    this.#native = native;
    this.pointer = native.llama_model_get_vocab(model);
    this.vocabularySize = native.llama_vocab_n_tokens(this.pointer);
    // Not llama_vocab_eot: without metadata it is guessed from the spellings, in the order of a hash table.
    this.endToken = native.llama_vocab_eos(this.pointer);
    const begin = native.llama_vocab_get_add_bos(this.pointer)
      ? native.llama_vocab_bos(this.pointer)
      : -1;
    this.beginToken = begin < 0 ? undefined : begin;
  }

  /** @param framed whether the special tokens that begin and end a text are added, as encoders want it. */
  tokenize(text: string, special: boolean, framed = false): Int32Array {
    const bytes = new TextEncoder().encode(text);
    if (bytes.length > maxTextBytes) {
      throw new FuzzError(`The text has ${bytes.length} bytes; the limit is ${maxTextBytes}`, {
        code: "FUZZ_TEXT_TOO_LONG",
      });
    }
    if (bytes.length === 0 && !framed) {
      return new Int32Array(0);
    }
    const write = (tokens: Int32Array) =>
      this.#native.llama_tokenize(
        this.pointer,
        bytes,
        bytes.length,
        tokens,
        tokens.length,
        framed,
        special,
      );
    const tokens = new Int32Array(bytes.length + 8);
    const count = write(tokens);
    // A negative count is the room that was missing: a few vocabularies have more tokens than bytes.
    if (count < 0) {
      const larger = new Int32Array(-count);
      return larger.subarray(0, write(larger));
    }
    return tokens.slice(0, count);
  }

  tokenBytes(token: number): Uint8Array {
    this.checkToken(token);
    let piece = this.#pieces.get(token);
    if (piece === undefined) {
      piece = this.#piece(token, true);
      this.#pieces.set(token, piece);
    }
    return piece;
  }

  detokenize(tokens: Iterable<number>): string {
    const pieces: Uint8Array[] = [];
    for (const token of tokens) {
      this.checkToken(token);
      if (!this.#native.llama_vocab_is_control(this.pointer, token)) {
        pieces.push(this.tokenBytes(token));
      }
    }
    return new TextDecoder().decode(Buffer.concat(pieces));
  }

  specialToken(text: string): number {
    const tokens = this.tokenize(text, true);
    const [token] = tokens;
    if (tokens.length !== 1 || token === undefined || this.#isPlain(token, text)) {
      throw new FuzzError(`${JSON.stringify(text)} is not a special token of the base model`, {
        code: "FUZZ_UNKNOWN_TOKEN",
        hint: "The base model does not have the chat format that the program needs.",
      });
    }
    return token;
  }

  isEndOfGeneration(token: number): boolean {
    this.checkToken(token);
    return this.#native.llama_vocab_is_eog(this.pointer, token);
  }

  /** @throws FuzzError FUZZ_OUT_OF_RANGE */
  checkToken(token: number): void {
    checkInteger("The token id", token, 0, this.vocabularySize - 1);
  }

  /** Whether `text` reads as the same token when special tokens are off, so that a user could type it. */
  #isPlain(token: number, text: string): boolean {
    const plain = this.tokenize(text, false);
    return plain.length === 1 && plain[0] === token;
  }

  #piece(token: number, special: boolean): Uint8Array {
    const write = (buffer: Uint8Array) =>
      this.#native.llama_token_to_piece(this.pointer, token, buffer, buffer.length, 0, special);
    const buffer = new Uint8Array(128);
    const length = write(buffer);
    if (length >= 0) {
      return buffer.slice(0, length);
    }
    const larger = new Uint8Array(-length);
    if (write(larger) !== larger.length) {
      throw engineError(`The engine can't spell token ${token}`);
    }
    return larger;
  }
}
