import { FuzzError } from "@fuzzc/program";
import fc from "fast-check";
import { expect, test } from "vitest";
import { explainStatus } from "./explain-status.ts";
import { readCompletion } from "./read-completion.ts";
import { PassingFailure, RequestRefused } from "./remote-errors.ts";
import { UnusableAnswer } from "./teacher.ts";

const endpoint = { url: "", shown: "https://a.example/v1", host: "a.example", isLocal: false };
const bodies = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.json(),
  fc.record({ error: fc.anything() }).map((value) => String(JSON.stringify(value))),
  fc
    .record({ choices: fc.array(fc.record({ message: fc.anything() })), usage: fc.anything() })
    .map((value) => String(JSON.stringify(value))),
);

test("any body is a completion, or says what is wrong with it", () => {
  fc.assert(
    fc.property(bodies, (text) => {
      try {
        const { content } = readCompletion({ status: 200, text, headers: new Headers() }, endpoint);
        expect(content).not.toBe("");
      } catch (error) {
        expect(error instanceof PassingFailure || error instanceof UnusableAnswer).toBe(true);
      }
    }),
  );
});

test("any refusal is an error that says what to do", () => {
  const patience = { answerMs: 1, stallMs: 1, attempts: 1, pauseMs: 1, longestPauseMs: 1 };
  fc.assert(
    fc.property(fc.integer({ min: 300, max: 599 }), bodies, (status, text) => {
      const refusal = { status, text, pauseMs: undefined, location: null };
      const error = explainStatus(refusal, endpoint, patience);
      const told =
        error instanceof PassingFailure || error instanceof RequestRefused ? error.error : error;
      expect(FuzzError.isInstance(told)).toBe(true);
      expect((told as FuzzError).hint).toBeTruthy();
      expect(told.message.length).toBeLessThan(400);
      expect(told.message).not.toMatch(/\n/);
    }),
  );
});
