import { describe, expect, test } from "vitest";
import { useBaseModel } from "./base-model.fixture.ts";

const model = useBaseModel();
const token = (text: string) => model().tokenize(text, { special: false })[0] as number;

describe("openGrammar", () => {
  test("allows what the grammar says, step by step", () => {
    const grammar = model().openGrammar('root ::= "yes" | "no" " way"?');
    expect(grammar.allows(token("yes"))).toBe(true);
    expect(grammar.allows(token("maybe"))).toBe(false);
    expect(grammar.allows(model().endToken)).toBe(false);
    grammar.accept(token("no"));
    expect(grammar.allows(token("yes"))).toBe(false);
    expect(grammar.allows(token(" way"))).toBe(true);
    expect(grammar.allows(model().endToken)).toBe(true);
    grammar.reset();
    expect(grammar.allows(token("yes"))).toBe(true);
    grammar.dispose();
  });

  test("masks the whole vocabulary as it allows single tokens", () => {
    using grammar = model().openGrammar('root ::= "a" [0-9]+');
    grammar.accept(token("a"));
    const logits = new Float32Array(model().vocabularySize).fill(1);
    const masked = grammar.mask(logits);
    const left = [...masked.keys()].filter((id) => masked[id] === 1);
    expect(left.length).toBeGreaterThan(9);
    for (const id of left) {
      expect(model().detokenize([id])).toMatch(/^\d+$/);
      expect(grammar.allows(id)).toBe(true);
    }
    expect(logits.every((logit) => logit === 1)).toBe(true);
  });

  test("gives clones that go their own way", () => {
    using grammar = model().openGrammar('root ::= "a" "b"');
    grammar.accept(token("a"));
    using clone = grammar.clone();
    clone.accept(token("b"));
    expect(clone.allows(token("b"))).toBe(false);
    expect(grammar.allows(token("b"))).toBe(true);
  });

  test("refuses to accept what it does not allow", () => {
    using grammar = model().openGrammar('root ::= "a"');
    expect(() => grammar.accept(token("b"))).toThrowError(
      expect.objectContaining({ code: "FUZZ_GRAMMAR_REFUSED" }),
    );
    expect(grammar.allows(token("a"))).toBe(true);
  });

  test("refuses grammars that can't be parsed, or would overrun the parser's stack", () => {
    const deep = `root ::= ${"(".repeat(20_000)}"a"${")".repeat(20_000)}`;
    for (const gbnf of ["", "\0", 'start ::= "a"', "root ::= root", deep]) {
      expect(() => model().openGrammar(gbnf)).toThrowError(
        expect.objectContaining({ code: "FUZZ_GRAMMAR_INVALID" }),
      );
    }
  });

  test("can't be used after its end", () => {
    const grammar = model().openGrammar('root ::= "a"');
    grammar.dispose();
    grammar.dispose();
    expect(() => grammar.allows(0)).toThrowError(
      expect.objectContaining({ code: "FUZZ_DISPOSED" }),
    );
  });
});
