import type { Example } from "@fuzzc/program";
import { expect, test } from "vitest";
import { chooseExamples } from "./choose-examples.ts";

const examples: Example[] = ["a", "a", "a", "b", "b", "c"].map((output, index) => ({
  input: `input ${index}`,
  output,
}));
const labels = { type: "labels" as const, labels: ["a", "b", "c"] };
const plenty = { room: 1000, tokens: () => 10 };

test("labels take turns", () => {
  const chosen = chooseExamples(examples, labels, { ...plenty, count: 4 });
  expect(chosen.map(({ output }) => output)).toEqual(["a", "b", "c", "a"]);
});

test("text keeps the user's order", () => {
  const chosen = chooseExamples(examples, { type: "text" }, { ...plenty, count: 2 });
  expect(chosen).toEqual(examples.slice(0, 2));
});

test("an example too long for the room is passed over", () => {
  const tokens = ({ input }: Example) => (input === "input 0" ? 50 : 10);
  const chosen = chooseExamples(examples, { type: "text" }, { count: 3, room: 30, tokens });
  expect(chosen.map(({ input }) => input)).toEqual(["input 1", "input 2", "input 3"]);
});

test("none is chosen without room", () => {
  expect(chooseExamples(examples, labels, { count: 3, room: 0, tokens: () => 1 })).toEqual([]);
});
