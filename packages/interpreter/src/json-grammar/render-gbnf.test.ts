import { loadEngine, type Model, testModelPath } from "@fuzzc/llama";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JsonSchema } from "./check-schema.ts";
import { compileSchema } from "./compile-schema.ts";
import { GrammarMatcher } from "./match-grammar.ts";
import { renderGbnf } from "./render-gbnf.ts";
import { walkGrammar } from "./walk-grammar.ts";

const schemas: [name: string, schema: JsonSchema | undefined][] = [
  ["any JSON", undefined],
  [
    "an object",
    {
      properties: {
        'a "name"': { type: ["string", "null"], maxLength: 3 },
        size: { type: "number", minimum: -2, exclusiveMaximum: 30 },
        kind: { enum: ["x", "ünï", 3] },
      },
      required: ["kind"],
      additionalProperties: { type: "boolean" },
    },
  ],
  ["a list", { items: { pattern: "^[a-c]\\d{2}\\.?$" }, minItems: 1, maxItems: 4 }],
  [
    "a tree",
    {
      $defs: { node: { properties: { next: { $ref: "#/$defs/node" } } } },
      anyOf: [{ $ref: "#/$defs/node" }, { format: "date" }],
    },
  ],
];

/** Numbers that pick a walk; the same ones every time. */
function* makeChoices(seed: number): Generator<number, never> {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state >>> 8;
  }
}

describe("renderGbnf", () => {
  let model: Model;
  beforeAll(async () => {
    model = await loadEngine().openModel(testModelPath());
  });
  afterAll(() => model.dispose());

  // The engine's parser and ours have nothing in common, so that each tests the other.
  it.each(schemas)("lets the engine allow what our matcher allows: %s", (_, schema) => {
    const grammar = compileSchema(schema);
    const matcher = new GrammarMatcher(grammar);
    using walker = model.openGrammar(renderGbnf(grammar));
    for (let seed = 1; seed <= 12; seed++) {
      const choices = makeChoices(seed);
      const text = walkGrammar(grammar, () => choices.next().value);
      const tokens = model.tokenize(text, { special: false });
      // The vocabulary lacks some bytes, with which no text is written in practice.
      if (model.detokenize(tokens) !== text) {
        continue;
      }
      walker.reset();
      let state = matcher.start;
      for (const token of tokens) {
        for (let sample = 0; sample < 30; sample++) {
          const other = choices.next().value % model.vocabularySize;
          if (!model.isEndOfGeneration(other) && model.detokenize([other]) !== "") {
            expect(walker.allows(other)).toBe(
              matcher.advance(state, model.tokenBytes(other)) !== undefined,
            );
          }
        }
        expect(walker.allows(model.endToken)).toBe(state.complete && state.partial === null);
        expect(walker.allows(token)).toBe(true);
        walker.accept(token);
        state = matcher.advance(state, model.tokenBytes(token)) as typeof state;
        expect(state).toBeDefined();
      }
      expect(state.complete && walker.allows(model.endToken)).toBe(true);
    }
  });
});
