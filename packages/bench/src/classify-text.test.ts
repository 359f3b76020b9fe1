import { expect, test } from "vitest";
import { trainTextClassifier } from "./classify-text.ts";
import { fitRegression, predictClasses } from "./logistic-regression.ts";
import { fitTextFeatures } from "./text-features.ts";

test("tells texts apart by their words and parts of words", () => {
  const classify = trainTextClassifier([
    { input: "The printer is out of paper", output: "printing" },
    { input: "Printing in colour fails", output: "printing" },
    { input: "I forgot my password", output: "access" },
    { input: "The login page rejects me", output: "access" },
  ]);
  expect(classify("our printers are jammed")).toBe("printing");
  expect(classify("new passwords, please")).toBe("access");
});

test("a text without a known feature gets the commonest label", () => {
  const classify = trainTextClassifier([
    { input: "red", output: "warm" },
    { input: "blue", output: "cold" },
    { input: "teal", output: "cold" },
  ]);
  expect(classify("1234567")).toBe("cold");
  expect(classify("")).toBe("cold");
});

test("features of a text have length 1, and rare ones weigh more", () => {
  const vectorise = fitTextFeatures(["a dog", "a cat", "a bird"]);
  const vector = vectorise("a dog");
  const length = [...vector.values()].reduce((sum, value) => sum + value * value, 0);
  expect(length).toBeCloseTo(1, 10);
  // The word "a" is the first feature of the first text, the word "dog" the second.
  expect(vector.get(0)).toBeLessThan(vector.get(1)!);
  expect(vectorise("")).toEqual(new Map());
});

test("regression is at the minimum of its loss", () => {
  // Two classes on one axis: by symmetry, no bias and opposite weights.
  const vectors = [new Map([[0, 1]]), new Map([[0, -1]])];
  const strength = 2;
  const found = fitRegression(vectors, [0, 1], 2, strength);
  const [first, second] = found.weights.map((row) => row.get(0)!);
  expect(found.bias[0]).toBeCloseTo(0, 6);
  expect(first).toBeCloseTo(-second!, 6);
  // The gradient: each vector pulls by its error, the penalty pulls back.
  const error = 1 - predictClasses(found, vectors[0]!)[0]!;
  expect(first! / (strength * vectors.length)).toBeCloseTo(error, 6);
});
