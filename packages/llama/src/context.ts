import { type Adapter, setAdapter } from "./adapter.ts";
import type { DecodeEntry } from "./batch.ts";
import { decodeEntries, readLogits } from "./decode-entries.ts";
import { disposedError, rangeError } from "./errors.ts";
import { Lock } from "./lock.ts";
import type { NativeContext } from "./native-context.ts";
import { callAsync } from "./native-library.ts";
import { readHiddenStates } from "./read-hidden-states.ts";
import { loadSequenceState, saveSequenceState } from "./sequence-state.ts";

export interface DecodeOptions {
  signal?: AbortSignal | undefined;
}

/**
 * A working memory of a model: sequences of tokens that have been read.
 * Its calls take turns on one lock, in the order they were made, so none needs to wait for the one before.
 */
export class Context implements AsyncDisposable {
  /** Tokens that fit over all sequences. */
  readonly contextSize: number;
  readonly sequences: number;
  /** Most tokens of one pass through the model. */
  readonly batchSize: number;
  readonly #lock = new Lock();
  readonly #forget: (context: Context) => void;
  #context: NativeContext | null;
  #adapter: Adapter | null = null;
  #scale = 1;

  /** Made by `Model.openContext`; `forget` is called once it is disposed. */
  constructor(context: NativeContext, forget: (context: Context) => void) {
    this.#context = context;
    this.#forget = forget;
    this.contextSize = context.shape.contextSize;
    this.sequences = context.shape.sequences;
    this.batchSize = context.shape.batchSize;
  }

  /** Tokens that still fit; those that sequences share count once. */
  get freeCells(): number {
    return this.#live().memory.cells.free;
  }

  /** How many tokens `sequence` holds. */
  sequenceLength(sequence: number): number {
    const { memory } = this.#live();
    memory.checkSequence(sequence);
    return memory.cells.length(sequence);
  }

  /** The adapter that applies to every decode. */
  get adapter(): Adapter | null {
    return this.#adapter;
  }

  /**
   * Reads tokens into their sequences. All or nothing: after an error or an abort the sequences hold what they held.
   * @returns the logits, one row of the vocabulary's size for each entry with `output`, in the order of the entries.
   * @throws FuzzError FUZZ_CONTEXT_FULL, FUZZ_BATCH_INVALID, FUZZ_OUT_OF_RANGE, FUZZ_CANCELLED, FUZZ_DISPOSED
   */
  decode(entries: readonly DecodeEntry[], options: DecodeOptions = {}): Promise<Float32Array[]> {
    return this.#run(async (context) => {
      const logits: Float32Array[] = [];
      await decodeEntries(context, entries, options.signal, (part) => {
        part.forEach(({ output }, index) => {
          if (output) {
            logits.push(readLogits(context, index));
          }
        });
      });
      return logits;
    });
  }

  /** Applies `adapter` at `scale` to every decode that follows; null takes it off. */
  setAdapter(adapter: Adapter | null, scale = 1): Promise<void> {
    return this.#run((context) => this.#setAdapter(context, adapter, scale));
  }

  /** Takes `adapter` off if it is set; for the model, which is about to free it. */
  async dropAdapter(adapter: Adapter): Promise<void> {
    await this.#lock.run(() => {
      if (this.#context !== null && this.#adapter === adapter) {
        this.#setAdapter(this.#context, null, 1);
      }
    });
  }

  /** Makes sequence `to` the same as `from`, sharing its memory: no computing, no further cells. */
  copySequence(from: number, to: number): Promise<void> {
    return this.#run(({ memory }) => memory.copy(from, to));
  }

  /** Forgets the positions from `from` up to, not including, `to` (-1: all that follow) of a sequence. */
  removeSequence(sequence: number, from = 0, to = -1): Promise<void> {
    return this.#run(({ memory }) => memory.remove(sequence, from, to));
  }

  /** Forgets everything. */
  clear(): Promise<void> {
    return this.#run(({ memory }) => memory.clear());
  }

  /** The state of a sequence as bytes that only the same engine, model and adapter can use; see `encodeState`. */
  saveSequence(sequence: number): Promise<Uint8Array> {
    return this.#run((context) => saveSequenceState(context, sequence));
  }

  /**
   * Makes a sequence what it was when `bytes` were saved.
   * @returns how many tokens it now holds.
   * @throws FuzzError FUZZ_STATE_INVALID, FUZZ_CONTEXT_FULL
   */
  loadSequence(sequence: number, bytes: Uint8Array): Promise<number> {
    return this.#run((context) => loadSequenceState(context, sequence, bytes));
  }

  /**
   * The hidden states that enter layers: layer l gives what it reads, which is `hidden_states[l]` of transformers; 0 is
   * the token embedding. Valid are 0..layerCount-1: what leaves the last layer the engine does not keep. The context
   * must be opened with `hiddenLayers`, and is emptied before and after.
   * @returns for each of `layers` tokens x embeddingSize numbers, row by row.
   */
  hiddenStates(
    tokens: Int32Array,
    layers: readonly number[],
    options: DecodeOptions = {},
  ): Promise<Float32Array[]> {
    return this.#run((context) => readHiddenStates(context, tokens, layers, options.signal));
  }

  /** Frees the context once the calls under way have ended. */
  async dispose(): Promise<void> {
    await this.#lock.run(async () => {
      if (this.#context !== null) {
        const { native, pointer } = this.#context;
        this.#context = null;
        this.#forget(this);
        await callAsync(native.llama_free, pointer);
      }
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }

  #run<Result>(task: (context: NativeContext) => Promise<Result> | Result): Promise<Result> {
    return this.#lock.run(() => task(this.#live()));
  }

  #setAdapter({ native, pointer }: NativeContext, adapter: Adapter | null, scale: number): void {
    if (!Number.isFinite(scale)) {
      throw rangeError("The adapter scale", scale, "a finite number");
    }
    if (adapter === this.#adapter && scale === this.#scale) {
      return;
    }
    setAdapter(native, pointer, adapter, scale);
    this.#adapter = adapter;
    this.#scale = scale;
  }

  #live(): NativeContext {
    if (this.#context === null) {
      throw disposedError("context");
    }
    return this.#context;
  }
}
