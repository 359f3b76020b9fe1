import { FuzzError } from "@fuzzc/program";
import type { Adapter } from "./adapter.ts";
import { AdapterShelf } from "./adapter-shelf.ts";
import type { Architecture } from "./check-architecture.ts";
import type { CheckedModelFile } from "./check-model-file.ts";
import { Context } from "./context.ts";
import { disposedError } from "./errors.ts";
import { type Grammar, openGrammar } from "./grammar.ts";
import type { Lane } from "./lane.ts";
import { Lock } from "./lock.ts";
import type { Native } from "./native.ts";
import { callAsync, type Pointer } from "./native-library.ts";
import { type ContextOptions, openNativeContext } from "./open-context.ts";
import { type ChatMessage, renderChat } from "./render-chat.ts";
import { Tokenizer } from "./tokenizer.ts";

// The architectures whose graphs in the engine mark what enters each layer; for others it would abort.
const hiddenStateArchitectures = new Set<Architecture>(["llama", "qwen3"]);

/** A base model in memory. It is never changed; contexts, adapters and grammars are opened on it. */
export class Model implements AsyncDisposable {
  readonly path: string;
  readonly architecture: Architecture;
  readonly layerCount: number;
  /** Numbers in one hidden state. */
  readonly embeddingSize: number;
  readonly vocabularySize: number;
  /** Positions that the model was trained on; no context uses more. */
  readonly trainedContextSize: number;
  readonly headCount: number;
  readonly kvHeadCount: number;
  /** Size of the model file. */
  readonly sizeBytes: number;
  /** The chat template of the file, in Jinja. */
  readonly chatTemplate: string | undefined;
  /** The token that ends an answer. */
  readonly endToken: number;
  /** The token that begins every text, where the model was trained with one. */
  readonly beginToken: number | undefined;
  readonly #native: Native;
  readonly #file: CheckedModelFile;
  readonly #tokenizer: Tokenizer;
  readonly #lane: Lane;
  readonly #lock = new Lock();
  readonly #contexts = new Set<Context>();
  readonly #grammars = new Set<Grammar>();
  readonly #adapters: AdapterShelf;
  #pointer: Pointer | null;

  /** Made by `Engine.openModel`. */
  constructor(native: Native, pointer: Pointer, path: string, file: CheckedModelFile, lane: Lane) {
    this.#native = native;
    this.#pointer = pointer;
    this.#file = file;
    this.#lane = lane;
    this.#tokenizer = new Tokenizer(native, pointer);
    this.#adapters = new AdapterShelf({
      native,
      base: { architecture: file.architecture, tensors: file.tensors },
      lock: this.#lock,
      live: () => this.#live(),
      takeOff: async (adapter) => {
        for (const context of [...this.#contexts]) {
          await context.dropAdapter(adapter);
        }
      },
    });
    this.path = path;
    this.architecture = file.architecture;
    this.sizeBytes = file.sizeBytes;
    this.layerCount = native.llama_model_n_layer(pointer);
    this.embeddingSize = native.llama_model_n_embd(pointer);
    this.vocabularySize = this.#tokenizer.vocabularySize;
    this.trainedContextSize = native.llama_model_n_ctx_train(pointer);
    this.headCount = native.llama_model_n_head(pointer);
    this.kvHeadCount = native.llama_model_n_head_kv(pointer);
    this.chatTemplate = native.llama_model_chat_template(pointer, null) ?? undefined;
    this.endToken = this.#tokenizer.endToken;
    this.beginToken = this.#tokenizer.beginToken;
  }

  /** A metadata value of the file as text; undefined when it is not there or is a list. */
  metadata(key: string): string | undefined {
    const model = this.#live();
    const read = (buffer: Uint8Array) =>
      this.#native.llama_model_meta_val_str(model, key, buffer, buffer.length);
    const length = read(new Uint8Array(1));
    if (length < 0) {
      return undefined;
    }
    const buffer = new Uint8Array(length + 1);
    read(buffer);
    return new TextDecoder().decode(buffer.subarray(0, length));
  }

  /** Token ids of a text. With `special` false, text like "<|im_end|>" stays plain text. Adds no BOS. */
  tokenize(text: string, options: { special: boolean }): Int32Array {
    this.#live();
    return this.#tokenizer.tokenize(text, options.special);
  }

  /**
   * A chat in the form that the model was trained on, up to where it writes; to be tokenised with `special` true, so
   * that no content may come from outside.
   * @throws FuzzError FUZZ_TEMPLATE_UNSUPPORTED
   */
  renderChat(messages: readonly ChatMessage[]): string {
    this.#live();
    const chat = renderChat(this.#native, this.chatTemplate, messages);
    if (this.beginToken === undefined) {
      return chat;
    }
    const begin = new TextDecoder().decode(this.#tokenizer.tokenBytes(this.beginToken));
    return chat.startsWith(begin) ? chat : begin + chat;
  }

  /** The bytes a token stands for; may be part of a UTF-8 character. */
  tokenBytes(token: number): Uint8Array {
    this.#live();
    return this.#tokenizer.tokenBytes(token);
  }

  /** The text of tokens; special tokens give nothing. */
  detokenize(tokens: Iterable<number>): string {
    this.#live();
    return this.#tokenizer.detokenize(tokens);
  }

  /**
   * The id of a special token such as "<|im_start|>".
   * @throws FuzzError FUZZ_UNKNOWN_TOKEN when the model does not have it.
   */
  specialToken(text: string): number {
    this.#live();
    return this.#tokenizer.specialToken(text);
  }

  isEndOfGeneration(token: number): boolean {
    this.#live();
    return this.#tokenizer.isEndOfGeneration(token);
  }

  /**
   * Opens a working memory on this model.
   * @throws FuzzError FUZZ_OUT_OF_RANGE, FUZZ_OUT_OF_MEMORY, FUZZ_MODEL_UNSUPPORTED
   */
  openContext(options: ContextOptions): Promise<Context> {
    return this.#lock.run(async () => {
      const native = this.#native;
      const model = this.#live();
      if (options.hiddenLayers && !hiddenStateArchitectures.has(this.architecture)) {
        throw new FuzzError(`Hidden states of ${this.architecture} models are not supported`, {
          code: "FUZZ_MODEL_UNSUPPORTED",
        });
      }
      const base = {
        layerCount: this.layerCount,
        embeddingSize: this.embeddingSize,
        vocabularySize: this.vocabularySize,
        trainedContextSize: this.trainedContextSize,
        // Keys and values, two bytes a number.
        cellBytes: 2 * 2 * this.layerCount * this.kvHeadCount * this.#file.headSize,
      };
      const opened = await openNativeContext(native, model, base, options, this.#lane);
      const context = new Context(opened, (closed) => this.#contexts.delete(closed));
      this.#contexts.add(context);
      return context;
    });
  }

  /**
   * Loads a LoRA adapter from its GGUF bytes. The same bytes give the same adapter; dispose it once for each call.
   * @throws FuzzError FUZZ_ADAPTER_INVALID, FUZZ_ADAPTER_MISMATCH, FUZZ_GGUF_INVALID, FUZZ_GGUF_TRUNCATED
   */
  loadAdapter(bytes: Uint8Array): Promise<Adapter> {
    return this.#adapters.load(bytes);
  }

  /**
   * Opens a grammar in GBNF.
   * @throws FuzzError FUZZ_GRAMMAR_INVALID
   */
  openGrammar(gbnf: string, root = "root"): Grammar {
    this.#live();
    return openGrammar(this.#native, this.#tokenizer, gbnf, root, this.#grammars);
  }

  /** Frees the model and all that was opened on it, once the calls under way have ended. */
  dispose(): Promise<void> {
    return this.#lock.run(async () => {
      if (this.#pointer === null) {
        return;
      }
      const pointer = this.#pointer;
      this.#pointer = null;
      // Contexts hold pointers to adapters, and all hold pointers into the model.
      await Promise.all([...this.#contexts].map((context) => context.dispose()));
      for (const grammar of [...this.#grammars]) {
        grammar.dispose();
      }
      await this.#adapters.clear();
      await callAsync(this.#native.llama_model_free, pointer);
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }

  #live(): Pointer {
    if (this.#pointer === null) {
      throw disposedError("model");
    }
    return this.#pointer;
  }
}
