import { FuzzError } from "@fuzzc/program";
import koffi from "koffi";
import { checkEntries, type DecodeEntry, NativeBatch, splitEntries } from "./batch.ts";
import { cancelledError, engineError, throwIfAborted } from "./errors.ts";
import type { Memory } from "./memory.ts";
import type { NativeContext } from "./native-context.ts";
import { callAsync } from "./native-library.ts";

/**
 * Decodes entries in parts that fit a batch. All or nothing: after an error the sequences hold what they held.
 * @param read takes what it wants of each part before the next one overwrites it.
 * @throws FuzzError FUZZ_CONTEXT_FULL, FUZZ_BATCH_INVALID, FUZZ_OUT_OF_RANGE, FUZZ_OUT_OF_MEMORY, FUZZ_CANCELLED
 */
export async function decodeEntries(
  context: NativeContext,
  entries: readonly DecodeEntry[],
  signal: AbortSignal | undefined,
  read: (part: readonly DecodeEntry[]) => void,
): Promise<void> {
  const { abort, memory, model, shape } = context;
  throwIfAborted(signal);
  checkEntries(entries, { ...shape, vocabularySize: model.vocabularySize }, memory.cells);
  const raise = () => abort.raise();
  signal?.addEventListener("abort", raise, { once: true });
  let done = 0;
  try {
    for (const part of splitEntries(entries, shape.batchSize, shape.maxOutputs)) {
      const status = await decodePart(context, part, signal);
      for (const { position, sequences } of part) {
        memory.cells.add(position, sequences);
      }
      done += part.length;
      if (status !== 0) {
        throw signal?.aborted ? cancelledError(signal) : decodeError(status);
      }
      read(part);
    }
  } catch (error) {
    rollBack(memory, entries.slice(0, done));
    throw error;
  } finally {
    signal?.removeEventListener("abort", raise);
    abort.reset();
  }
}

/** The logits of one entry of the last part; a row of the vocabulary's size. */
export function readLogits(context: NativeContext, index: number): Float32Array {
  const row = context.native.llama_get_logits_ith(context.pointer, index);
  if (row === null) {
    throw engineError(`The engine gave no logits for entry ${index}`);
  }
  return koffi.decode(row, context.logits);
}

function decodePart(
  { native, pointer, shape, lane }: NativeContext,
  part: readonly DecodeEntry[],
  signal: AbortSignal | undefined,
): Promise<number> {
  return lane.run(async (freeThreads) => {
    throwIfAborted(signal);
    const threads = shape.threads ?? freeThreads;
    native.llama_set_n_threads(pointer, threads, threads);
    const batch = new NativeBatch(part);
    const status = await callAsync(native.llama_decode, pointer, batch.struct);
    batch.release();
    return status;
  });
}

function rollBack(memory: Memory, entries: readonly DecodeEntry[]): void {
  const first = new Map<number, number>();
  for (const { position, sequences } of entries) {
    for (const sequence of sequences) {
      first.set(sequence, Math.min(position, first.get(sequence) ?? position));
    }
  }
  for (const [sequence, position] of first) {
    memory.remove(sequence, position);
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
