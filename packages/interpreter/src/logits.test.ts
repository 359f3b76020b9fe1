import fc from "fast-check";
import { expect, it } from "vitest";
import { logSumExp, rankTokens, softmax } from "./logits.ts";

it("ranks all tokens from the most likely on, also far down", () => {
  const logit = fc.oneof(fc.integer({ min: -9, max: 9 }), fc.constant(Number.NEGATIVE_INFINITY));
  fc.assert(
    fc.property(fc.array(logit, { minLength: 1, maxLength: 300 }), (values) => {
      const finite = values
        .map((value, token) => ({ value, token }))
        .filter(({ value }) => Number.isFinite(value));
      const expected = finite
        .sort((a, b) => b.value - a.value || a.token - b.token)
        .map(({ token }) => token);
      expect([...rankTokens(Float32Array.from(values))]).toEqual(expected);
    }),
  );
});

it("gives probabilities that sum to 1, for logits of any size", () => {
  const logits = Float32Array.of(1000, 999, -1000);
  const total = logSumExp(logits);
  const probabilities = Array.from(logits, (logit) => Math.exp(logit - total));
  expect(probabilities.reduce((sum, one) => sum + one)).toBeCloseTo(1, 6);
  expect(softmax([1000, 999, -1000])[0]).toBeCloseTo(1 / (1 + Math.exp(-1)), 9);
});
