import type { Example } from "@fuzzc/program";
import { fitRegression, predictClasses } from "./logistic-regression.ts";
import { fitTextFeatures } from "./text-features.ts";

/**
 * The classic answer to a label function: TF-IDF and logistic regression on the examples. It knows neither the spec nor
 * labels without an example.
 *
 * @param examples at least one
 * @returns the label of an input
 */
export function trainTextClassifier(
  examples: readonly Example[],
  strength?: number,
): (input: string) => string {
  const vectorise = fitTextFeatures(examples.map(({ input }) => input));
  const labels = [...new Set(examples.map(({ output }) => output))];
  const regression = fitRegression(
    examples.map(({ input }) => vectorise(input)),
    examples.map(({ output }) => labels.indexOf(output)),
    labels.length,
    strength,
  );
  return (input) => {
    const probabilities = predictClasses(regression, vectorise(input));
    return labels[probabilities.indexOf(Math.max(...probabilities))] as string;
  };
}
