import { expect, test } from "vitest";
import { readVocabulary } from "./read-vocabulary.ts";

const read = (file: string, text: string) => readVocabulary(file, new TextEncoder().encode(text));

test("vocab.txt and tokenizer.json give the same tokens, in the order of their ids", () => {
  const tokens = ["[PAD]", "0", "##1", "é"];
  const ids = Object.fromEntries(tokens.map((token, id) => [token, id]));
  expect(read("vocab.txt", "[PAD]\n0\n##1\né\n")).toEqual(tokens);
  expect(read("tokenizer.json", JSON.stringify({ model: { vocab: ids } }))).toEqual(tokens);
});

test.each([
  ["no vocabulary", { model: {} }],
  ["no model", null],
  ["a gap", { model: { vocab: { a: 0, b: 2 } } }],
  ["an id that is no number", { model: { vocab: { a: 0, b: "1" } } }],
  ["an id that is there twice", { model: { vocab: { a: 0, b: 0 } } }],
])("%s is refused", (_, tokenizer) => {
  expect(() => read("tokenizer.json", JSON.stringify(tokenizer))).toThrow(
    expect.objectContaining({ code: "FUZZ_ENCODER_INVALID" }),
  );
});
