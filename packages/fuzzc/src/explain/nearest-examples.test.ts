import type { EncoderInterpreter } from "@fuzzc/interpreter";
import { expect, test } from "vitest";
import { findNearest } from "./nearest-examples.ts";

const { signal } = new AbortController();
const encoder: EncoderInterpreter | undefined = undefined;

test("ranks examples by the share of words in common", async () => {
  const examples = ["the site is down", "Site down?", "hello", "", "is it down"].map((input) => ({
    input,
    output: "x",
  }));
  const { by, examples: nearest } = await findNearest("SITE, down!", examples, { encoder, signal });
  expect(by).toBe("words");
  expect(nearest.map(({ input, similarity }) => [input, similarity])).toEqual([
    ["Site down?", 1],
    ["the site is down", 0.5],
    ["is it down", 0.25],
  ]);
});

test("has nothing in common with a text without words", async () => {
  const examples = [{ input: "?!", output: "x" }];
  const { examples: nearest } = await findNearest("...", examples, { encoder, signal });
  expect(nearest).toEqual([{ input: "?!", output: "x", similarity: 0 }]);
});
