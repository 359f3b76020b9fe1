import { compileForEncoder } from "@fuzzc/compiler";
import type { EncoderInterpreter } from "@fuzzc/interpreter";
import type { Example } from "@fuzzc/program";
import { calibrationError } from "./calibration-error.ts";
import { type CorpusFunction, wordFunction } from "./corpus.ts";
import { makeRandom } from "./interval.ts";

/** Examples that the compiled functions are given; 0 is -O0. */
const counts = [0, 6, 12];

/** One answer that was asked for. */
interface Outcome {
  examples: number;
  isRanking: boolean;
  labels: number;
  right: boolean;
  probability: number;
}

/** Asks every label function, in all its wordings, every case that is no example. */
export async function measureEncoder(
  functions: readonly CorpusFunction[],
  encoder: EncoderInterpreter,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const labelFunctions = functions.filter(({ output }) => output.type === "enum");
  for (const [index, entry] of labelFunctions.entries()) {
    for (let variant = 0; variant < entry.variants.length; variant++) {
      const { spec, output, cases } = wordFunction(entry, variant);
      if (output.type !== "labels") {
        continue;
      }
      const shuffled = shuffle(cases, 100 * index + variant);
      for (const examples of counts) {
        const request = { spec, output, examples: shuffled.slice(0, examples) };
        const level = examples === 0 ? "O0" : "O1";
        const { program } = await compileForEncoder(request, { encoder, level });
        const asked = shuffled.slice(examples);
        await using loaded = await encoder.load(program);
        let position = 0;
        for await (const { text, probability } of loaded.map(asked.map(({ input }) => input))) {
          outcomes.push({
            examples,
            isRanking: entry.category === "rank",
            labels: output.labels.length,
            right: text === asked[position++]?.output,
            probability,
          });
        }
      }
    }
  }
  return outcomes;
}

/** A Markdown table: exact match, chance and calibration error in %, by the number of examples. */
export function formatEncoder(outcomes: readonly Outcome[]): string {
  const rows = counts.map((examples) => {
    const asked = outcomes.filter((one) => one.examples === examples);
    const cells = [asked, asked.filter((one) => one.isRanking)].flatMap((part) => [
      mean(part.map(({ right }) => Number(right))),
      mean(part.map(({ labels }) => 1 / labels)),
    ]);
    const name = examples === 0 ? "-O0, the spec alone" : `-O1, ${examples} examples`;
    const figures = [...cells, calibrationError(asked)].map((share) => (100 * share).toFixed(1));
    return `| ${name} | ${asked.length} | ${figures.join(" | ")} |`;
  });
  return [
    "| | cases | right | chance | right, ranking | chance, ranking | calibration error |",
    "|---|---|---|---|---|---|---|",
    ...rows,
  ].join("\n");
}

function shuffle(cases: readonly Example[], seed: number): Example[] {
  const random = makeRandom(seed);
  return cases
    .map((one) => ({ one, key: random() }))
    .sort((first, second) => first.key - second.key)
    .map(({ one }) => one);
}

const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
