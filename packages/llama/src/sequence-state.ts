import { FuzzError } from "@fuzzc/program";

// The start of what llama_state_seq_get_data of the pinned build writes: magic, sequence id, number of streams, number of
// cells, and for each cell its position, the number of its sequences (1) and one sequence id; 32-bit each.
const magic = 0xaf143cd8;
const headerWords = 4;
const cellWords = 3;

/**
 * Checks the start of a saved sequence, because the engine asserts on positions that make no sense.
 * @returns the positions of its tokens.
 * @throws FuzzError FUZZ_STATE_INVALID
 */
export function checkSequenceState(bytes: Uint8Array, positionLimit: number): number[] {
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
    if (word(at + 1) !== 1 || position < 0 || position >= positionLimit) {
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
