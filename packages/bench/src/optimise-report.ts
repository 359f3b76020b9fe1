import { formatBar } from "./format-bar.ts";
import { differenceInterval, rate, rateInterval } from "./interval.ts";
import { type OptimiseResult, type OptimiseWay, optimiseWays } from "./optimise.ts";
import { type OutputTypeName, outputTypes } from "./optimise-questions.ts";
import type { RowSpeed } from "./row-speed.ts";

const names: Record<OptimiseWay, string> = {
  base: "the base model, prompted",
  tfidf: "TF-IDF and logistic regression",
  O0: "-O0, the spec alone",
  O1: "-O1",
  O2: "-O2",
};

/** Points that -O2 is to be ahead of -O1 with this many examples. */
const barExamples = 16;
const barPoints: Record<OutputTypeName, number> = { labels: 8, text: 15, json: 15 };
/** CPU seconds of a compile at -O2. */
const costExamples = 24;
const barSeconds = 60;
/** Of a training step, against PyTorch. */
const barRatio = 2.5;

/** The tables of `bench optimise`, and its bars, as Markdown. Intervals are 95 %, by bootstrap over functions. */
export function formatOptimise(
  results: readonly OptimiseResult[],
  speed: RowSpeed | undefined,
): string {
  const corpus = results.filter(({ generated }) => !generated);
  const generated = results.filter(({ generated }) => generated);
  return [
    ...scoreTable("Corpus functions", corpus),
    ...scoreTable("Generated functions", generated),
    ...costTable(results),
    "### Bars",
    "",
    ...outputTypes.map((type) => leadBar(corpus, type)),
    secondsBar(results),
    speedBar(speed),
    "",
    ...failures(results),
  ].join("\n");
}

function scoreTable(title: string, results: readonly OptimiseResult[]): string[] {
  const columns = outputTypes.flatMap((type) => {
    const counts = new Set(results.filter((one) => one.type === type).map((one) => one.examples));
    return [...counts].sort((a, b) => a - b).map((examples) => ({ type, examples }));
  });
  if (columns.length === 0) {
    return [];
  }
  const functions = (type: OutputTypeName) =>
    new Set(results.filter((one) => one.type === type).map(({ id }) => id)).size;
  const rows = optimiseWays.map((way) => {
    const cells = columns.map(({ type, examples }) =>
      formatScore(
        results.filter((one) => one.way === way && one.type === type && one.examples === examples),
      ),
    );
    return `| ${names[way]} | ${cells.join(" | ")} |`;
  });
  const types = outputTypes.map((type) => `${functions(type)} ${type}`).join(", ");
  return [
    `### ${title}`,
    "",
    `${types}; exact match in % (95 % interval), by the number of examples.`,
    "",
    `| | ${columns.map(({ type, examples }) => `${type}, ${examples}`).join(" | ")} |`,
    `|---|${columns.map(() => "---|").join("")}`,
    ...rows,
    "",
  ];
}

function formatScore(results: readonly OptimiseResult[]): string {
  if (results.length === 0) {
    return "";
  }
  const [low, high] = rateInterval(results);
  return `${percent(rate(results))} (${percent(low)}–${percent(high)})`;
}

function costTable(results: readonly OptimiseResult[]): string[] {
  const levels = optimiseWays.filter((way) => way.startsWith("O"));
  const rows = levels.flatMap((way) =>
    outputTypes.flatMap((type) => {
      const own = results.filter((one) => one.way === way && one.type === type && !one.failed);
      const counts = [...new Set(own.map(({ examples }) => examples))].sort((a, b) => a - b);
      return counts.map((examples) => {
        const compiled = own.filter((one) => one.examples === examples);
        const seconds = compiled.map(({ cpuSeconds }) => cpuSeconds);
        const sizes = compiled.map(({ sizeBytes }) => sizeBytes / 1e3);
        const figures = [mean(seconds), Math.max(...seconds), mean(sizes), Math.max(...sizes)];
        const cells = figures.map((figure) => figure.toPrecision(3));
        return `| -${way}, ${type}, ${examples} | ${cells.join(" | ")} |`;
      });
    }),
  );
  return [
    "### Cost of a compile",
    "",
    "| level, output, examples | CPU s, mean | CPU s, most | kB, mean | kB, most |",
    "|---|---|---|---|---|",
    ...rows,
    "",
  ];
}

function leadBar(results: readonly OptimiseResult[], type: OutputTypeName): string {
  const of = (way: OptimiseWay) =>
    results.filter((one) => one.type === type && one.way === way && one.examples === barExamples);
  // Pairs only, so that an unfinished run compares like with like.
  const pairs = of("O2").flatMap((trained) => {
    const prompted = of("O1").find(({ id }) => id === trained.id);
    return prompted ? [{ trained, prompted }] : [];
  });
  const what = `-O2 − -O1 with ${barExamples} examples, ${type}`;
  if (pairs.length === 0) {
    return notMeasured(what);
  }
  const trained = pairs.map((pair) => pair.trained);
  const prompted = pairs.map((pair) => pair.prompted);
  const lead = rate(trained) - rate(prompted);
  const bounds = differenceInterval(trained, prompted).map(points).join(" to ");
  const bar = barPoints[type];
  return formatBar(
    `${what}: ${points(lead)} points (95 %: ${bounds})`,
    `at least +${bar}`,
    lead >= bar / 100,
  );
}

function secondsBar(results: readonly OptimiseResult[]): string {
  const seconds = results
    .filter((one) => one.way === "O2" && one.examples === costExamples && !one.failed)
    .map(({ cpuSeconds }) => cpuSeconds);
  const what = `-O2 with ${costExamples} examples`;
  return seconds.length === 0
    ? notMeasured(what)
    : formatBar(
        `${what}: ${mean(seconds).toFixed(1)} CPU seconds on average, ${Math.max(...seconds).toFixed(1)} at most`,
        `under ${barSeconds}`,
        Math.max(...seconds) < barSeconds,
      );
}

function speedBar(speed: RowSpeed | undefined): string {
  if (speed === undefined) {
    return notMeasured("A training step against PyTorch");
  }
  const { ownSeconds, pytorchSeconds } = speed;
  const ratio = ownSeconds / pytorchSeconds;
  return formatBar(
    `A training step of ${speed.tokens} tokens: ${ownSeconds.toFixed(2)} s, PyTorch ${pytorchSeconds.toFixed(2)} s: ${ratio.toFixed(2)} times`,
    `at most ${barRatio} times`,
    ratio <= barRatio,
  );
}

function failures(results: readonly OptimiseResult[]): string[] {
  const lines = results.flatMap(({ id, way, examples, failed }) =>
    failed === undefined ? [] : [`- ${id}, ${way}, ${examples} examples: ${failed}`],
  );
  return lines.length === 0 ? [] : ["Counted as wrong because they failed:", "", ...lines, ""];
}

const notMeasured = (what: string) => `- ${what}: not measured`;
const percent = (share: number) => (100 * share).toFixed(1);
const points = (value: number) => `${value > 0 ? "+" : ""}${(100 * value).toFixed(1)}`;
const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
