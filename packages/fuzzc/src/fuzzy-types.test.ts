import type { JsonValue } from "@fuzzc/program";
import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { type } from "arktype";
import * as v from "valibot";
import { expectTypeOf, test } from "vitest";
import { z } from "zod";
import { fuzzy } from "./fuzzy.ts";
import type { FuzzyFunction } from "./fuzzy-function.ts";

// Checked by `npm run typecheck`; nothing here runs, since a function that is not called compiles nothing.
const spec = "Anything.";

test("labels give their union, and examples must keep to it", () => {
  const triage = () =>
    fuzzy({ spec, output: ["now", "later"], examples: [{ input: "a", output: "now" }] });
  expectTypeOf(triage).returns.resolves.toEqualTypeOf<FuzzyFunction<"now" | "later">>();
  const labels: string[] = [];
  const open = () => fuzzy({ spec, output: labels, examples: [{ input: "a", output: "any" }] });
  expectTypeOf(open).returns.resolves.toEqualTypeOf<FuzzyFunction<string>>();
  // @ts-expect-error "nwo" is no label
  () => fuzzy({ spec, output: ["now", "later"], examples: [{ input: "a", output: "nwo" }] });
});

test("text is the default, and json may be anything", () => {
  expectTypeOf(() => fuzzy(spec)).returns.resolves.toEqualTypeOf<FuzzyFunction<string>>();
  expectTypeOf(() => fuzzy({ spec })).returns.resolves.toEqualTypeOf<FuzzyFunction<string>>();
  const json = () => fuzzy({ spec, output: "json", examples: [{ input: "a", output: [1, null] }] });
  expectTypeOf(json).returns.resolves.toEqualTypeOf<FuzzyFunction<JsonValue>>();
  // @ts-expect-error there is no such form
  () => fuzzy({ spec, output: "number" });
  // @ts-expect-error a function without a spec
  () => fuzzy({ output: "text" });
});

test("a JSON Schema that is written in place gives the type of its values", () => {
  const order = () =>
    fuzzy({
      spec,
      output: {
        type: "object",
        properties: {
          item: { type: "string" },
          size: { enum: ["small", "large", 3] },
          parts: { type: "array", items: { type: ["integer", "null"] } },
          gift: { anyOf: [{ type: "boolean" }, { const: "maybe" }] },
          more: { $ref: "#/$defs/more" },
        },
        required: ["item", "size", "parts"],
        $defs: { more: {} },
      },
    });
  type Order = {
    item: string;
    size: "small" | "large" | 3;
    parts: (number | null)[];
    gift?: boolean | "maybe";
    more?: JsonValue;
  };
  expectTypeOf(order).returns.resolves.toEqualTypeOf<FuzzyFunction<Order>>();
  const unknown: { [key: string]: JsonValue } = {};
  const loose = () => fuzzy({ spec, output: unknown });
  expectTypeOf(loose).returns.resolves.toEqualTypeOf<FuzzyFunction<JsonValue>>();
});

test("a schema of Zod, Valibot or ArkType gives its output type, transforms included", () => {
  const byZod = () =>
    fuzzy({
      spec,
      output: z.object({ on: z.string().transform((text) => new Date(text)), n: z.int() }),
      examples: [{ input: "a", output: { on: "2026-01-02", n: 1 } }],
    });
  expectTypeOf(byZod).returns.resolves.toEqualTypeOf<FuzzyFunction<{ on: Date; n: number }>>();
  const byValibot = () =>
    fuzzy({ spec, output: toStandardJsonSchema(v.object({ n: v.number() })) });
  expectTypeOf(byValibot).returns.resolves.toEqualTypeOf<FuzzyFunction<{ n: number }>>();
  const byArkType = () =>
    fuzzy({ spec, output: type({ side: "'left' | 'right'", "n?": "number" }) });
  expectTypeOf(byArkType).returns.resolves.toEqualTypeOf<
    FuzzyFunction<{ side: "left" | "right"; n?: number }>
  >();
  // @ts-expect-error what goes into the schema is a text, not a Date
  () => fuzzy({ spec, output: z.iso.date(), examples: [{ input: "a", output: new Date(0) }] });
});

test("a function that may abstain gives what it was told to give instead", () => {
  const output = ["yes", "no"] as const;
  const withNull = () => fuzzy({ spec, output, otherwise: null });
  expectTypeOf(withNull).returns.resolves.toEqualTypeOf<FuzzyFunction<"yes" | "no" | null>>();
  const withWord = () => fuzzy({ spec, output, otherwise: "unclear", minProbability: 0.5 });
  expectTypeOf(withWord).returns.resolves.toEqualTypeOf<FuzzyFunction<"yes" | "no" | "unclear">>();
  const threshold = () => fuzzy({ spec, output: z.object({ n: z.int() }), minProbability: 0.9 });
  expectTypeOf(threshold).returns.resolves.toEqualTypeOf<FuzzyFunction<{ n: number } | null>>();
  // @ts-expect-error JSON holds no Date
  () => fuzzy({ spec, output, otherwise: new Date(0) });
});

test("named inputs give the type of what a function takes", () => {
  const rank = () =>
    fuzzy({
      spec,
      inputs: ["query", "snippet"],
      output: ["fits", "does not"],
      examples: [{ input: { query: "a", snippet: "b" }, output: "fits" }],
    });
  type Pair = { readonly query: string; readonly snippet: string };
  expectTypeOf(rank).returns.resolves.toEqualTypeOf<FuzzyFunction<"fits" | "does not", Pair>>();
  // @ts-expect-error the snippet is missing
  () => fuzzy({ spec, inputs: ["query", "snippet"], examples: [{ input: { query: "a" } }] });
  // @ts-expect-error without names the input is a text
  async () => (await fuzzy({ spec }))({ query: "a" });
});
