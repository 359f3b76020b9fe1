import { FuzzError } from "@fuzzc/program";
import koffi from "koffi";
import type { Cells } from "./cells.ts";
import { checkInteger, rangeError } from "./errors.ts";
import type { Struct } from "./native-library.ts";

/** One token to decode. */
export interface DecodeEntry {
  token: number;
  /** Its place in the sequences; follows on from what they hold. */
  position: number;
  /** The sequences that contain it; several only while they share all that came before. */
  sequences: readonly number[];
  /** Whether its logits are wanted. */
  output: boolean;
}

export interface BatchLimits {
  vocabularySize: number;
  sequences: number;
  /** Positions must stay below this. */
  positions: number;
}

/**
 * Checks entries against the limits and the memory, all before the engine sees any.
 * @throws FuzzError FUZZ_OUT_OF_RANGE, FUZZ_BATCH_INVALID, FUZZ_CONTEXT_FULL
 */
export function checkEntries(
  entries: readonly DecodeEntry[],
  limits: BatchLimits,
  cells: Cells,
): void {
  const next = new Map<number, number | undefined>();
  // For each sequence, the last entry of this batch that is part of it.
  const ends = new Map<number, number>();
  for (const [index, { token, position, sequences }] of entries.entries()) {
    checkInteger("The token id", token, 0, limits.vocabularySize - 1);
    if (!Number.isInteger(position) || position < 0) {
      throw rangeError("The position", position, "a whole number");
    }
    if (position >= limits.positions) {
      throw contextFull(
        `position ${position} lies past the ${limits.positions} that fit`,
        position + 1 - limits.positions,
      );
    }
    if (sequences.length === 0 || new Set(sequences).size !== sequences.length) {
      throw rangeError("The list of sequences", `[${sequences}]`, "distinct and not empty");
    }
    for (const sequence of sequences) {
      checkInteger("The sequence", sequence, 0, limits.sequences - 1);
    }
    const end = ends.get(sequences[0] as number);
    const sharedHere = sequences.every((sequence) => ends.get(sequence) === end);
    if (!sharedHere || (end === undefined && sequences.length > 1 && !cells.shareEnd(sequences))) {
      throw invalid(`the sequences ${sequences} do not share their past`);
    }
    for (const sequence of sequences) {
      const expected = next.has(sequence) ? next.get(sequence) : cells.next(sequence);
      if (expected !== undefined && position !== expected) {
        throw invalid(`position ${position} in sequence ${sequence} must be ${expected}`);
      }
      next.set(sequence, position + 1);
      ends.set(sequence, index);
    }
  }
  if (entries.length > cells.free) {
    throw contextFull(
      `${entries.length} tokens, but room for ${cells.free} of ${cells.capacity}`,
      entries.length - cells.free,
    );
  }
}

/** A piece of a batch in the layout of `struct llama_batch`. Keep it reachable while the engine reads it. */
export class NativeBatch {
  readonly struct: Struct;
  readonly #buffers: ArrayBufferView[];

  constructor(entries: readonly DecodeEntry[]) {
    const tokens = Int32Array.from(entries, ({ token }) => token);
    const positions = Int32Array.from(entries, ({ position }) => position);
    const counts = Int32Array.from(entries, ({ sequences }) => sequences.length);
    const outputs = Int8Array.from(entries, ({ output }) => (output ? 1 : 0));
    const ids = Int32Array.from(entries.flatMap(({ sequences }) => sequences));
    const lists = new BigUint64Array(entries.length);
    let address = koffi.address(ids);
    counts.forEach((count, index) => {
      lists[index] = address;
      address += BigInt(count * ids.BYTES_PER_ELEMENT);
    });
    this.#buffers = [tokens, positions, counts, outputs, ids, lists];
    this.struct = {
      n_tokens: entries.length,
      token: koffi.address(tokens),
      embd: null,
      pos: koffi.address(positions),
      n_seq_id: koffi.address(counts),
      seq_id: koffi.address(lists),
      logits: koffi.address(outputs),
    };
  }

  /** Called after the engine's use, so that the buffers can't be collected before. */
  release(): void {
    this.#buffers.length = 0;
  }
}

/** Splits entries into runs of at most `batchSize` tokens and `maxOutputs` outputs. */
export function splitEntries(
  entries: readonly DecodeEntry[],
  batchSize: number,
  maxOutputs: number,
): DecodeEntry[][] {
  const parts: DecodeEntry[][] = [];
  let part: DecodeEntry[] = [];
  let outputs = 0;
  for (const entry of entries) {
    if (part.length === batchSize || (entry.output && outputs === maxOutputs)) {
      parts.push(part);
      part = [];
      outputs = 0;
    }
    part.push(entry);
    outputs += entry.output ? 1 : 0;
  }
  return part.length === 0 ? parts : [...parts, part];
}

function invalid(what: string): FuzzError {
  return new FuzzError(`The batch can't be decoded: ${what}`, { code: "FUZZ_BATCH_INVALID" });
}

function contextFull(what: string, excess: number): FuzzError {
  return new FuzzError(`The context is full: ${what} (${excess} too many)`, {
    code: "FUZZ_CONTEXT_FULL",
    hint: "Shorten the input, free sequences, or open a larger context.",
  });
}
