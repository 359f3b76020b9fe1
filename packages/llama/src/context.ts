import { FuzzError } from "@fuzzc/program";
import koffi, { type TypeObject } from "koffi";
import type { AbortFlag } from "./abort-flag.ts";
import type { Adapter } from "./adapter.ts";
import {
  type BatchLimits,
  checkEntries,
  type DecodeEntry,
  NativeBatch,
  splitEntries,
} from "./batch.ts";
import { Cells } from "./cells.ts";
import {
  cancelledError,
  checkInteger,
  disposedError,
  engineError,
  rangeError,
  throwIfAborted,
} from "./errors.ts";
import { Lock } from "./lock.ts";
import type { Native } from "./native.ts";
import { callAsync, type Pointer } from "./native-library.ts";
import { checkSequenceState } from "./sequence-state.ts";

/** What a context knows of its model. */
export interface ContextModel {
  architecture: string;
  layerCount: number;
  embeddingSize: number;
  vocabularySize: number;
  /** Whether a sequence's state can be saved in the layout that we check on loading. */
  savesState: boolean;
}

/** The sizes a context was opened with. */
export interface ContextShape {
  contextSize: number;
  sequences: number;
  batchSize: number;
  maxOutputs: number;
  hiddenLayers: boolean;
  positions: number;
}

export interface DecodeOptions {
  signal?: AbortSignal | undefined;
}

/**
 * A working memory of a model: sequences of tokens that have been read.
 * All calls that touch the engine take turns on one lock, in the order they were made.
 */
export class Context implements AsyncDisposable {
  readonly contextSize: number;
  readonly sequences: number;
  readonly batchSize: number;
  readonly #native: Native;
  readonly #model: ContextModel;
  readonly #shape: ContextShape;
  readonly #limits: BatchLimits;
  readonly #lane: Lock;
  readonly #lock = new Lock();
  readonly #cells: Cells;
  readonly #abort: AbortFlag;
  readonly #row: TypeObject;
  readonly #contexts: Set<Context>;
  readonly #memory: Pointer;
  readonly #enabledLayers = new Set<number>();
  #pointer: Pointer | null;
  #adapter: Adapter | null = null;
  #scale = 1;

  /** Made by `Model.openContext`; `lane` is shared by all contexts of the process. */
  constructor(
    native: Native,
    pointer: Pointer,
    abort: AbortFlag,
    model: ContextModel,
    shape: ContextShape,
    lane: Lock,
    contexts: Set<Context>,
  ) {
    this.#native = native;
    this.#pointer = pointer;
    this.#abort = abort;
    this.#model = model;
    this.#shape = shape;
    this.#lane = lane;
    this.#contexts = contexts;
    this.contextSize = native.llama_n_ctx(pointer);
    this.batchSize = native.llama_n_batch(pointer);
    this.sequences = shape.sequences;
    this.#limits = {
      vocabularySize: model.vocabularySize,
      sequences: shape.sequences,
      positions: shape.positions,
    };
    this.#cells = new Cells(this.contextSize, shape.sequences);
    this.#memory = native.llama_get_memory(pointer);
    this.#row = koffi.array("float", model.vocabularySize, "Typed");
    contexts.add(this);
  }

  /** Tokens that still fit, over all sequences; tokens shared by sequences count once. */
  get freeCells(): number {
    return this.#cells.free;
  }

  /** How many tokens `sequence` holds. */
  sequenceLength(sequence: number): number {
    this.#checkSequence(sequence);
    return this.#cells.length(sequence);
  }

  /** The adapter that applies to every decode, if any. */
  get adapter(): Adapter | null {
    return this.#adapter;
  }

  /**
   * Reads tokens into their sequences. All or nothing: after an error or an abort the sequences hold what they held.
   * @returns the logits, one row of the vocabulary's size for each entry with `output`, in the order of the entries.
   * @throws FuzzError FUZZ_CONTEXT_FULL, FUZZ_BATCH_INVALID, FUZZ_OUT_OF_RANGE, FUZZ_CANCELLED, FUZZ_DISPOSED
   */
  decode(entries: readonly DecodeEntry[], options: DecodeOptions = {}): Promise<Float32Array[]> {
    return this.#lock.run(async () => {
      const logits: Float32Array[] = [];
      await this.#decode(entries, options.signal, (context, part) => {
        part.forEach(({ output }, index) => {
          if (output) {
            logits.push(this.#readLogits(context, index));
          }
        });
      });
      return logits;
    });
  }

  /** Applies `adapter` at `scale` to every decode from now on; null takes it off. Waits for calls under way. */
  setAdapter(adapter: Adapter | null, scale = 1): Promise<void> {
    return this.#lock.run(() => this.#setAdapter(adapter, scale));
  }

  /** For the model, which is about to free `adapter`. */
  dropAdapter(adapter: Adapter): Promise<void> {
    return this.#lock.run(() => {
      if (this.#pointer !== null && this.#adapter === adapter) {
        this.#setAdapter(null, 1);
      }
    });
  }

  /** Makes sequence `to` the same as `from`, sharing its memory: no computing, no further cells. */
  copySequence(from: number, to: number): Promise<void> {
    return this.#lock.run(() => {
      this.#live();
      this.#checkSequence(from);
      this.#checkSequence(to);
      if (from === to) {
        return;
      }
      this.#native.llama_memory_seq_rm(this.#memory, to, -1, -1);
      this.#native.llama_memory_seq_cp(this.#memory, from, to, -1, -1);
      this.#cells.copy(from, to);
    });
  }

  /** Forgets the positions from `from` up to, not including, `to` (-1: to the end) of a sequence. */
  removeSequence(sequence: number, from = 0, to = -1): Promise<void> {
    return this.#lock.run(() => {
      this.#live();
      this.#checkSequence(sequence);
      checkInteger("The first position", from, 0, 2 ** 31 - 1);
      checkInteger("The end position", to, -1, 2 ** 31 - 1);
      this.#remove(sequence, from, to);
    });
  }

  /** Forgets everything. */
  clear(): Promise<void> {
    return this.#lock.run(() => this.#clear());
  }

  /** The state of a sequence as bytes that only the same engine, model and adapter can use; see `encodeState`. */
  saveSequence(sequence: number): Promise<Uint8Array> {
    return this.#lock.run(async () => {
      const context = this.#live();
      this.#checkSequence(sequence);
      this.#checkSavesState();
      const size = this.#native.llama_state_seq_get_size(context, sequence);
      const bytes = new Uint8Array(size);
      const get = this.#native.llama_state_seq_get_data;
      const written = await callAsync(get, context, bytes, size, sequence);
      if (written !== size) {
        throw engineError(`The engine saved ${written} of ${size} bytes of a sequence`);
      }
      return bytes;
    });
  }

  /**
   * Makes a sequence what it was when `bytes` were saved.
   * @returns how many tokens it now holds.
   * @throws FuzzError FUZZ_STATE_INVALID, FUZZ_CONTEXT_FULL
   */
  loadSequence(sequence: number, bytes: Uint8Array): Promise<number> {
    return this.#lock.run(async () => {
      const context = this.#live();
      this.#checkSequence(sequence);
      this.#checkSavesState();
      const positions = checkSequenceState(bytes, this.#shape.positions);
      this.#remove(sequence, 0, -1);
      if (positions.length > this.#cells.free) {
        throw new FuzzError(
          `The saved sequence has ${positions.length} tokens, but there is room for ${this.#cells.free}`,
          { code: "FUZZ_CONTEXT_FULL" },
        );
      }
      const set = this.#native.llama_state_seq_set_data;
      const read = await callAsync(set, context, bytes, bytes.length, sequence);
      if (read !== bytes.length) {
        this.#native.llama_memory_seq_rm(this.#memory, sequence, -1, -1);
        throw new FuzzError("The saved sequence does not fit this model and engine", {
          code: "FUZZ_STATE_INVALID",
        });
      }
      for (const position of positions) {
        this.#cells.add(position, [sequence]);
      }
      return positions.length;
    });
  }

  /**
   * The hidden states that enter layers: `layers[i]` = l gives what layer l reads, which is hidden_states[l] of
   * transformers; 0 is the token embedding. Valid are 0..layerCount-1: what leaves the last layer before the final
   * norm is not kept by the engine. The context must be opened with `hiddenLayers` and is cleared before and after.
   * @returns for each of `layers` T x embeddingSize numbers, row by row, T = tokens.length.
   */
  hiddenStates(
    tokens: Int32Array,
    layers: readonly number[],
    options: DecodeOptions = {},
  ): Promise<Float32Array[]> {
    return this.#lock.run(async () => {
      const context = this.#live();
      this.#checkHiddenLayers(layers);
      this.#clear();
      this.#enableLayers(context, layers);
      const size = this.#model.embeddingSize;
      const states = layers.map(() => new Float32Array(tokens.length * size));
      const entries = Array.from(tokens, (token, position) => ({
        token,
        position,
        sequences: [0],
        output: false,
      }));
      try {
        await this.#decode(entries, options.signal, (_, part) => {
          const start = (part[0] as DecodeEntry).position * size;
          layers.forEach((layer, index) => {
            const rows = this.#native.llama_get_embeddings_layer_inp(context, layer);
            if (rows === null) {
              throw engineError(`The engine kept no hidden states of layer ${layer}`);
            }
            const block = koffi.decode(rows, koffi.array("float", part.length * size, "Typed"));
            (states[index] as Float32Array).set(block, start);
          });
        });
      } finally {
        this.#clear();
      }
      return states;
    });
  }

  /** Frees the context once the calls under way have ended. */
  dispose(): Promise<void> {
    return this.#lock.run(async () => {
      if (this.#pointer !== null) {
        const pointer = this.#pointer;
        this.#pointer = null;
        this.#contexts.delete(this);
        await callAsync(this.#native.llama_free, pointer);
      }
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }

  /** Decodes checked entries in parts; `read` takes what it wants after each part. Holds the lock already. */
  async #decode(
    entries: readonly DecodeEntry[],
    signal: AbortSignal | undefined,
    read: (context: Pointer, part: readonly DecodeEntry[]) => void,
  ): Promise<void> {
    const context = this.#live();
    throwIfAborted(signal);
    checkEntries(entries, this.#limits, this.#cells);
    const raise = () => this.#abort.raise();
    signal?.addEventListener("abort", raise, { once: true });
    let done = 0;
    try {
      for (const part of splitEntries(entries, this.batchSize, this.#shape.maxOutputs)) {
        const batch = new NativeBatch(part);
        const status = await this.#lane.run(() => {
          throwIfAborted(signal);
          return callAsync(this.#native.llama_decode, context, batch.struct);
        });
        batch.release();
        for (const { position, sequences } of part) {
          this.#cells.add(position, sequences);
        }
        done += part.length;
        if (status !== 0) {
          throw signal?.aborted ? cancelledError(signal) : decodeError(status);
        }
        read(context, part);
      }
    } catch (error) {
      this.#rollBack(entries.slice(0, done));
      throw error;
    } finally {
      signal?.removeEventListener("abort", raise);
      this.#abort.reset();
    }
  }

  /** Takes decoded entries out again, so that a failed decode leaves the sequences as they were. */
  #rollBack(entries: readonly DecodeEntry[]): void {
    const first = new Map<number, number>();
    for (const { position, sequences } of entries) {
      for (const sequence of sequences) {
        first.set(sequence, Math.min(position, first.get(sequence) ?? position));
      }
    }
    for (const [sequence, position] of first) {
      this.#remove(sequence, position, -1);
    }
  }

  #setAdapter(adapter: Adapter | null, scale: number): void {
    const context = this.#live();
    if (!Number.isFinite(scale)) {
      throw rangeError("The adapter scale", scale, "a finite number");
    }
    if (adapter === this.#adapter && scale === this.#scale) {
      return;
    }
    const status = this.#native.llama_set_adapters_lora(
      context,
      adapter === null ? null : BigUint64Array.of(adapter.pointer),
      adapter === null ? 0 : 1,
      adapter === null ? null : Float32Array.of(scale),
    );
    if (status !== 0) {
      throw engineError(`The engine refused to set an adapter (${status})`);
    }
    this.#adapter = adapter;
    this.#scale = scale;
  }

  #readLogits(context: Pointer, index: number): Float32Array {
    const row = this.#native.llama_get_logits_ith(context, index);
    if (row === null) {
      throw engineError(`The engine gave no logits for entry ${index}`);
    }
    return koffi.decode(row, this.#row);
  }

  #enableLayers(context: Pointer, layers: readonly number[]): void {
    for (const layer of [...this.#enabledLayers]) {
      if (!layers.includes(layer)) {
        this.#native.llama_set_embeddings_layer_inp(context, layer, false);
        this.#enabledLayers.delete(layer);
      }
    }
    for (const layer of layers) {
      if (!this.#enabledLayers.has(layer)) {
        this.#native.llama_set_embeddings_layer_inp(context, layer, true);
        this.#enabledLayers.add(layer);
      }
    }
  }

  #remove(sequence: number, from: number, to: number): void {
    this.#native.llama_memory_seq_rm(this.#memory, sequence, from, to);
    this.#cells.remove(sequence, from, to < 0 ? Number.POSITIVE_INFINITY : to);
  }

  #clear(): void {
    this.#live();
    this.#native.llama_memory_clear(this.#memory, false);
    this.#cells.clear();
  }

  #checkSequence(sequence: number): void {
    checkInteger("The sequence", sequence, 0, this.sequences - 1);
  }

  #checkSavesState(): void {
    if (!this.#model.savesState) {
      throw new FuzzError(`The state of ${this.#model.architecture} models can't be saved`, {
        code: "FUZZ_MODEL_UNSUPPORTED",
      });
    }
  }

  #checkHiddenLayers(layers: readonly number[]): void {
    if (!this.#shape.hiddenLayers) {
      throw new FuzzError("The context was not opened for hidden states", {
        code: "FUZZ_OUT_OF_RANGE",
        hint: "Open it with hiddenLayers: true.",
      });
    }
    for (const layer of layers) {
      checkInteger("The layer", layer, 0, this.#model.layerCount - 1);
    }
  }

  #live(): Pointer {
    if (this.#pointer === null) {
      throw disposedError("context");
    }
    return this.#pointer;
  }
}

function decodeError(status: number): FuzzError {
  if (status === 1) {
    return new FuzzError("The context is full: the engine found no room for the batch", {
      code: "FUZZ_CONTEXT_FULL",
    });
  }
  if (status === -2) {
    return new FuzzError("There is too little memory to decode the batch", {
      code: "FUZZ_OUT_OF_MEMORY",
      kind: "resource",
      hint: "Open a smaller context, or use fewer sequences.",
    });
  }
  return engineError(`The engine failed to decode a batch (${status})`);
}
