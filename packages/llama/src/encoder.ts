import { FuzzError } from "@fuzzc/program";
import koffi from "koffi";
import { type Adapter, setAdapter } from "./adapter.ts";
import { AdapterShelf } from "./adapter-shelf.ts";
import { NativeBatch } from "./batch.ts";
import type { CheckedEncoderFile } from "./check-encoder-file.ts";
import { checkInteger, disposedError, engineError, throwIfAborted } from "./errors.ts";
import type { Lane } from "./lane.ts";
import { Lock } from "./lock.ts";
import type { Native } from "./native.ts";
import { callAsync, type Pointer } from "./native-library.ts";
import { Tokenizer } from "./tokenizer.ts";

/** Sentences of one pass; each may come to be a sequence of the engine. */
export const maxSentences = 64;
// Every token of a pass looks at every other, so that larger passes cost more than they save.
const passTokens = 128;

/**
 * A sentence encoder in memory: texts in, vectors of length 1 out, so that a dot product is a cosine.
 * Its calls take turns on one lock.
 */
export class Encoder implements AsyncDisposable {
  readonly path: string;
  /** Numbers in a vector. */
  readonly embeddingSize: number;
  /** Tokens of the longest text, the prefix and the two special ones included. */
  readonly maxTokens: number;
  readonly sizeBytes: number;
  /** Stands before every text, as in the encoder's training; most have none. */
  readonly prefix: string;
  readonly #native: Native;
  readonly #tokenizer: Tokenizer;
  readonly #lane: Lane;
  readonly #threads: number | undefined;
  readonly #lock = new Lock();
  readonly #adapters: AdapterShelf;
  #model: Pointer | null;
  #context: Pointer;
  #adapter: Adapter | null = null;

  /** Made by `Engine.openEncoder`, which hands over model and context. */
  constructor(
    native: Native,
    pointers: { model: Pointer; context: Pointer },
    path: string,
    { sizeBytes, tensors, prefix }: CheckedEncoderFile,
    lane: Lane,
    threads: number | undefined,
  ) {
    this.#native = native;
    this.#model = pointers.model;
    this.#context = pointers.context;
    this.#lane = lane;
    this.#threads = threads;
    this.#tokenizer = new Tokenizer(native, pointers.model);
    this.#adapters = new AdapterShelf({
      native,
      base: { architecture: "bert", tensors },
      lock: this.#lock,
      live: () => this.#live(),
      takeOff: (adapter) => {
        if (this.#adapter === adapter) {
          this.#setAdapter(null);
        }
      },
    });
    this.path = path;
    this.sizeBytes = sizeBytes;
    this.prefix = prefix;
    this.embeddingSize = native.llama_model_n_embd(pointers.model);
    this.maxTokens = native.llama_model_n_ctx_train(pointers.model);
  }

  /**
   * Token ids of a text behind the prefix, between the special tokens that begin and end it; text never becomes a
   * special token.
   */
  tokenize(text: string): Int32Array {
    this.#live();
    return this.#tokenizer.tokenize(this.prefix + text, false, true);
  }

  /**
   * Loads a LoRA adapter from its GGUF bytes. The same bytes give the same adapter; dispose it once for each call.
   * @throws FuzzError FUZZ_ADAPTER_INVALID, FUZZ_ADAPTER_MISMATCH, FUZZ_GGUF_INVALID, FUZZ_GGUF_TRUNCATED
   */
  loadAdapter(bytes: Uint8Array): Promise<Adapter> {
    return this.#adapters.load(bytes);
  }

  /**
   * The vectors of tokenised texts, in their order; as many as fit share a pass. Without an adapter: the plain encoder's.
   * @returns for each text `embeddingSize` numbers of length 1.
   * @throws FuzzError FUZZ_TEXT_TOO_LONG, FUZZ_OUT_OF_RANGE, FUZZ_CANCELLED, FUZZ_DISPOSED
   */
  encode(
    texts: readonly Int32Array[],
    options: { adapter?: Adapter | null; signal?: AbortSignal | undefined } = {},
  ): Promise<Float32Array[]> {
    const { adapter = null, signal } = options;
    for (const tokens of texts) {
      this.#check(tokens);
    }
    return this.#lock.run(async () => {
      const vectors: Float32Array[] = [];
      for (const pass of splitTexts(texts, passTokens)) {
        throwIfAborted(signal);
        this.#live();
        this.#setAdapter(adapter);
        vectors.push(...(await this.#lane.run((threads) => this.#encodePass(pass, threads))));
      }
      return vectors;
    });
  }

  /** Frees the encoder once the calls under way have ended. */
  dispose(): Promise<void> {
    return this.#lock.run(async () => {
      if (this.#model !== null) {
        const model = this.#model;
        this.#model = null;
        await this.#adapters.clear();
        await callAsync(this.#native.llama_free, this.#context);
        await callAsync(this.#native.llama_model_free, model);
      }
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }

  async #encodePass(texts: readonly Int32Array[], freeThreads: number): Promise<Float32Array[]> {
    const native = this.#native;
    const context = this.#context;
    const threads = this.#threads ?? freeThreads;
    native.llama_set_n_threads(context, threads, threads);
    const entries = texts.flatMap((tokens, sequence) =>
      Array.from(tokens, (token, position) => ({
        token,
        position,
        sequences: [sequence],
        output: true,
      })),
    );
    const batch = new NativeBatch(entries);
    const status = await callAsync(native.llama_encode, context, batch.struct);
    batch.release();
    if (status !== 0) {
      throw engineError(`The engine failed to encode a batch (${status})`);
    }
    const row = koffi.array("float", this.embeddingSize, "Typed");
    return texts.map((_, sequence) => {
      const pointer = native.llama_get_embeddings_seq(context, sequence);
      if (pointer === null) {
        throw engineError(`The engine gave no vector for text ${sequence}`);
      }
      return toUnitLength(koffi.decode(pointer, row));
    });
  }

  #setAdapter(adapter: Adapter | null): void {
    if (adapter !== this.#adapter) {
      setAdapter(this.#native, this.#context, adapter, 1);
      this.#adapter = adapter;
    }
  }

  #live(): Pointer {
    if (this.#model === null) {
      throw disposedError("encoder");
    }
    return this.#model;
  }

  #check(tokens: Int32Array): void {
    checkInteger("The number of tokens", tokens.length, 1, Number.MAX_SAFE_INTEGER);
    if (tokens.length > this.maxTokens) {
      throw new FuzzError(
        `The text has ${tokens.length} tokens, ${tokens.length - this.maxTokens} more than the encoder reads`,
        { code: "FUZZ_TEXT_TOO_LONG", hint: "Give a shorter text, or a part of it." },
      );
    }
    for (const token of tokens) {
      this.#tokenizer.checkToken(token);
    }
  }
}

/** Groups of texts that share a pass: no more than `maxTokens` together, or one that is longer alone. */
export function splitTexts(texts: readonly Int32Array[], maxTokens: number): Int32Array[][] {
  const passes: Int32Array[][] = [];
  let left = 0;
  for (const tokens of texts) {
    const pass = passes.at(-1);
    if (pass !== undefined && pass.length < maxSentences && tokens.length <= left) {
      pass.push(tokens);
      left -= tokens.length;
    } else {
      passes.push([tokens]);
      left = maxTokens - tokens.length;
    }
  }
  return passes;
}

function toUnitLength(vector: Float32Array): Float32Array {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return vector.map((value) => value / (length || 1));
}
