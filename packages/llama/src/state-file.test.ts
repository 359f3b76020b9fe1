import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeState, encodeState } from "./state-file.ts";

const key = "0123456789abcdef".repeat(4);
const payload = Uint8Array.of(1, 2, 3, 4, 5);

test("gives back what was packed", () => {
  const state = { key, tokens: 7, payload };
  expect(decodeState(encodeState(state), key)).toEqual(state);
});

test("tells a foreign state from a damaged one", () => {
  const bytes = encodeState({ key, tokens: 7, payload });
  expect(() => decodeState(bytes, "f".repeat(64))).toThrowError(
    expect.objectContaining({ code: "FUZZ_STATE_MISMATCH" }),
  );
  expect(() => decodeState(bytes.subarray(0, -1), key)).toThrowError(
    expect.objectContaining({ code: "FUZZ_STATE_INVALID" }),
  );
});

test("refuses every state with a changed byte", () => {
  const bytes = encodeState({ key, tokens: 7, payload });
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const damaged = bytes.slice();
      damaged[at] = (damaged[at] as number) ^ change;
      expect(() => decodeState(damaged, key)).toThrowError(
        expect.objectContaining({ code: expect.stringMatching(/^FUZZ_STATE_/) }),
      );
    }),
  );
});

test("refuses any other bytes", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(() => decodeState(bytes, key)).toThrowError(
        expect.objectContaining({ code: "FUZZ_STATE_INVALID" }),
      );
    }),
  );
});
