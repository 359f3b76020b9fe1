import { FuzzError } from "@fuzzc/program";
import { engineError } from "./errors.ts";
import type { NativeContext } from "./native-context.ts";
import { callAsync } from "./native-library.ts";

// The start of what llama_state_seq_get_data of the pinned build writes: magic, sequence id, number of streams, number of
// cells, and for each cell its position, the number of its sequences (1) and one sequence id; 32-bit each.
const magic = 0xaf143cd8;
const headerWords = 4;
const cellWords = 3;

/** Copies the state of a sequence out of the engine. */
export async function saveSequenceState(
  { native, pointer, memory }: NativeContext,
  sequence: number,
): Promise<Uint8Array> {
  memory.checkSequence(sequence);
  const size = Number(native.llama_state_seq_get_size(pointer, sequence));
  const bytes = new Uint8Array(size);
  const get = native.llama_state_seq_get_data;
  const written = Number(await callAsync(get, pointer, bytes, size, sequence));
  if (written !== size) {
    throw engineError(`The engine saved ${written} of ${size} bytes of a sequence`);
  }
  return bytes;
}

/**
 * Puts a saved state back.
 * @returns how many tokens the sequence holds then.
 * @throws FuzzError FUZZ_STATE_INVALID, which leaves the sequence empty, or FUZZ_CONTEXT_FULL, which leaves it alone.
 */
export async function loadSequenceState(
  { native, pointer, memory, shape }: NativeContext,
  sequence: number,
  bytes: Uint8Array,
): Promise<number> {
  memory.checkSequence(sequence);
  const { cells } = memory;
  const positions = readPositions(bytes, shape.positions);
  const room = cells.free + cells.ownCells(sequence);
  if (positions.length > room) {
    throw new FuzzError(
      `The context is full: the saved sequence has ${positions.length} tokens, but there is room for ${room}`,
      { code: "FUZZ_CONTEXT_FULL" },
    );
  }
  memory.remove(sequence);
  const set = native.llama_state_seq_set_data;
  const read = Number(await callAsync(set, pointer, bytes, bytes.length, sequence));
  for (const position of positions) {
    cells.add(position, [sequence]);
  }
  if (read !== bytes.length) {
    memory.remove(sequence);
    throw invalid("it is of another model or engine");
  }
  return positions.length;
}

/** Reads and checks the positions, because the engine asserts on those that make no sense. */
function readPositions(bytes: Uint8Array, limit: number): number[] {
  const words = bytes.length >>> 2;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const word = (index: number) => view.getInt32(index * 4, true);
  if (words < headerWords || view.getUint32(0, true) !== magic || word(2) !== 1) {
    throw invalid("it does not start as one");
  }
  const count = word(3);
  if (count < 0 || headerWords + count * cellWords > words) {
    throw invalid(`it claims ${count} tokens in ${bytes.length} bytes`);
  }
  const positions: number[] = [];
  for (let cell = 0; cell < count; cell++) {
    const at = headerWords + cell * cellWords;
    const position = word(at);
    if (word(at + 1) !== 1 || position < 0 || position >= limit) {
      throw invalid(`token ${cell} has position ${position}`);
    }
    positions.push(position);
  }
  const sorted = Int32Array.from(positions).sort();
  if (sorted.some((position, index) => position !== (sorted[0] as number) + index)) {
    throw invalid("its positions have gaps");
  }
  return positions;
}

function invalid(what: string): FuzzError {
  return new FuzzError(`The saved sequence can't be used: ${what}`, {
    code: "FUZZ_STATE_INVALID",
    hint: "Delete it; it is made again when it is needed.",
  });
}
