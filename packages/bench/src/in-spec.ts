import { findInSpec } from "@fuzzc/compiler";
import type { EncoderInterpreter } from "@fuzzc/interpreter";
import type { CorpusFunction } from "./corpus.ts";
import { type InSpecScores, makeQuestions } from "./quality.ts";
import { summariseAreas } from "./quality-summary.ts";
import { scoreInputs } from "./score-inputs.ts";

/** Examples that the vectors are found with; 0 is the spec alone. */
const counts = [0, 4, 6];

/** How one function's own inputs and others score, by the number of examples. */
interface Scores extends InSpecScores {
  examples: number;
}

/** The questions of `bench quality`, asked of the encoder only, so that all functions take a minute. */
export async function measureInSpec(
  functions: readonly CorpusFunction[],
  encoder: EncoderInterpreter,
): Promise<Scores[]> {
  const results: Scores[] = [];
  for (const { wording, examples, asked, outside } of makeQuestions(functions)) {
    for (const count of counts) {
      const given = examples.slice(0, count).map(({ input }) => input);
      const vectors = await findInSpec(wording.spec, given, encoder);
      const score = (inputs: readonly string[]) => scoreInputs(vectors, inputs, encoder);
      results.push({
        examples: count,
        own: await score(asked.map(({ input }) => input)),
        others: await score(outside.others),
        nearMisses: await score(outside.nearMisses),
      });
    }
  }
  return results;
}

/** A Markdown table: ROC areas, the mean score of own inputs, and what the product's threshold withholds. */
export function formatInSpec(results: readonly Scores[]): string {
  const rows = counts.map((count) => {
    const scores = results.filter(({ examples }) => examples === count);
    const { perFunction, others, nearMisses, withheld } = summariseAreas(scores);
    const areas = [perFunction.value, others, nearMisses].map((area) => area.toFixed(3));
    const own = scores.flatMap((one) => one.own);
    const mean = own.reduce((sum, score) => sum + score, 0) / own.length;
    const shares = [withheld.own, withheld.others, withheld.nearMisses];
    const percents = shares.map((share) => (100 * share).toFixed(1));
    const name = count === 0 ? "the spec alone" : `${count} examples`;
    return `| ${[name, ...areas, mean.toFixed(2), ...percents].join(" | ")} |`;
  });
  return [
    "ROC area (mean over functions), mean score of own inputs, and % that the threshold withholds.",
    "",
    "| | all | other functions | near misses | own score | own withheld | others withheld | near misses withheld |",
    "|---|---|---|---|---|---|---|---|",
    ...rows,
  ].join("\n");
}
