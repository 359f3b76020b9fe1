import { findInSpec, minInSpec } from "@fuzzc/compiler";
import { type EncoderInterpreter, scoreInSpec } from "@fuzzc/interpreter";
import type { CorpusFunction } from "./corpus.ts";
import { makeQuestions } from "./quality.ts";
import { rocArea } from "./roc-area.ts";

/** Examples that the vectors are found with; 0 is the spec alone. */
const counts = [0, 4, 6];

/** How one function's own inputs and others score, by the number of examples. */
interface Scores {
  examples: number;
  own: number[];
  others: number[];
  nearMisses: number[];
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
      const score = async (inputs: readonly string[]) =>
        (await encoder.embed(inputs)).map((vector) => scoreInSpec(vector, vectors));
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
    const areas = [
      scores.map(({ own, others, nearMisses }) => rocArea(own, [...others, ...nearMisses])),
      scores.map(({ own, others }) => rocArea(own, others)),
      scores.map(({ own, nearMisses }) => rocArea(own, nearMisses)),
    ].map((values) => mean(values.filter((value) => !Number.isNaN(value))).toFixed(3));
    const groups = [
      scores.flatMap(({ own }) => own),
      scores.flatMap(({ others }) => others),
      scores.flatMap(({ nearMisses }) => nearMisses),
    ];
    const withheld = groups.map((all) =>
      (100 * mean(all.map((one) => Number(one < minInSpec)))).toFixed(1),
    );
    const name = count === 0 ? "the spec alone" : `${count} examples`;
    return `| ${[name, ...areas, mean(groups[0] ?? []).toFixed(2), ...withheld].join(" | ")} |`;
  });
  return [
    "ROC area (mean over functions), mean score of own inputs, and % that the threshold withholds.",
    "",
    "| | all | other functions | near misses | own score | own withheld | others withheld | near misses withheld |",
    "|---|---|---|---|---|---|---|---|",
    ...rows,
  ].join("\n");
}

const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
