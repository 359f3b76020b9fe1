import { describe, expect, test } from "vitest";
import { useBaseModel } from "./base-model.fixture.ts";

const model = useBaseModel();

describe("tokenize", () => {
  test("reads special tokens as text unless told otherwise", () => {
    const text = "a<|im_end|>b";
    const end = model().specialToken("<|im_end|>");
    const plain = model().tokenize(text, { special: false });
    expect(plain).not.toContain(end);
    expect(model().detokenize(plain)).toBe(text);
    expect(model().tokenize(text, { special: true })).toContain(end);
  });

  test("adds no token of its own, and gives back any text", () => {
    expect(model().tokenize("", { special: false })).toHaveLength(0);
    for (const text of ["one", " two\n\n", "naïve 漢字 👩‍👩‍👧 \u0000 end", '{"a":[1,2]}']) {
      expect(model().detokenize(model().tokenize(text, { special: false }))).toBe(text);
    }
  });

  test("refuses a text that no context holds", () => {
    const text = "x".repeat(2 * 1024 ** 2);
    expect(() => model().tokenize(text, { special: false })).toThrowError(
      expect.objectContaining({ code: "FUZZ_TEXT_TOO_LONG" }),
    );
  });
});

describe("specialToken", () => {
  test("gives the id, and the end token ends generation", () => {
    expect(model().endToken).toBe(model().specialToken("<|im_end|>"));
    expect(model().isEndOfGeneration(model().endToken)).toBe(true);
    expect(model().isEndOfGeneration(model().specialToken("<|im_start|>"))).toBe(false);
    expect(model().detokenize([model().endToken])).toBe("");
  });

  test("refuses what is not one special token", () => {
    for (const text of ["the", "<|nothing|>", ""]) {
      expect(() => model().specialToken(text)).toThrowError(
        expect.objectContaining({ code: "FUZZ_UNKNOWN_TOKEN" }),
      );
    }
  });
});

test("token ids outside the vocabulary are refused", () => {
  for (const token of [-1, 1.5, Number.NaN, model().vocabularySize]) {
    expect(() => model().tokenBytes(token)).toThrowError(
      expect.objectContaining({ code: "FUZZ_OUT_OF_RANGE" }),
    );
  }
});
