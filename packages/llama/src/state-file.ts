import { createHash } from "node:crypto";
import { FuzzError } from "@fuzzc/program";

/** A saved sequence and what it belongs to. */
export interface SequenceState {
  /** Hash, 64 hex digits, of all that must be the same on loading: base, adapter, scale, prompt, KV type, engine. */
  key: string;
  /** How many tokens the sequence holds. */
  tokens: number;
  /** From `Context.saveSequence`. */
  payload: Uint8Array;
}

// Layout: 8 bytes of magic with the version, key (32), sha256 of what follows it (32), tokens (uint32), payload size (uint32).
const magic = new TextEncoder().encode("FUZZST01");
const keyAt = 8;
const hashAt = 40;
const tokensAt = 72;
const sizeAt = 76;
const headerBytes = 80;
const keyPattern = /^[0-9a-f]{64}$/;

/** Packs a saved sequence for a file, with a header that `decodeState` checks. */
export function encodeState({ key, tokens, payload }: SequenceState): Uint8Array {
  if (!keyPattern.test(key)) {
    throw new FuzzError(`The state key ${key} is not 64 hex digits`, { code: "FUZZ_OUT_OF_RANGE" });
  }
  const bytes = new Uint8Array(headerBytes + payload.length);
  const view = new DataView(bytes.buffer);
  bytes.set(magic);
  bytes.set(Buffer.from(key, "hex"), keyAt);

  view.setUint32(tokensAt, tokens, true);
  view.setUint32(sizeAt, payload.length, true);
  bytes.set(payload, headerBytes);
  bytes.set(sha256(bytes.subarray(tokensAt)), hashAt);
  return bytes;
}

/**
 * Unpacks what `encodeState` made.
 * @param key what the state must belong to.
 * @throws FuzzError FUZZ_STATE_INVALID when the bytes are damaged or foreign, FUZZ_STATE_MISMATCH when they belong to another key.
 */
export function decodeState(bytes: Uint8Array, key: string): SequenceState {
  if (bytes.length < headerBytes || !equal(bytes.subarray(0, keyAt), magic)) {
    throw invalid("it is not one, or of another version");
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = Buffer.from(bytes.subarray(keyAt, hashAt)).toString("hex");
  if (found !== key) {
    throw new FuzzError("The saved sequence belongs to another program, base model or engine", {
      code: "FUZZ_STATE_MISMATCH",
    });
  }
  const payload = bytes.subarray(headerBytes);
  if (payload.length !== view.getUint32(sizeAt, true)) {
    throw invalid("it was cut short");
  }
  if (!equal(sha256(bytes.subarray(tokensAt)), bytes.subarray(hashAt, tokensAt))) {
    throw invalid("its content was changed");
  }
  return { key, tokens: view.getUint32(tokensAt, true), payload };
}

function sha256(bytes: Uint8Array): Uint8Array {
  return createHash("sha256").update(bytes).digest();
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

function invalid(what: string): FuzzError {
  return new FuzzError(`The saved sequence can't be used: ${what}`, {
    code: "FUZZ_STATE_INVALID",
    hint: "Delete it; it is made again when it is needed.",
  });
}
