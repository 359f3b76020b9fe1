import { type Configuration, configurations, descriptions } from "./configurations.ts";
import { differenceInterval, rate, rateInterval, type Tally } from "./interval.ts";
import type { FunctionResult } from "./quality.ts";

const types = ["labels", "text", "json"] as const;

/** The table of a quality run, as Markdown. Intervals are 95 %, by bootstrap over functions. */
export function formatQuality(results: readonly FunctionResult[], title: string): string {
  const counts = types.map((type) => ofType(results, type).length);
  const cases = results.reduce((sum, result) => sum + result.tallies.base.total, 0);
  const rows = configurations.map((configuration) => {
    const tallies = results.map((result) => result.tallies[configuration]);
    const byType = types.map((type) =>
      percent(rate(ofType(results, type).map((result) => result.tallies[configuration]))),
    );
    return `| ${descriptions[configuration]} | ${percent(rate(tallies))} | ${interval(rateInterval(tallies))} | ${byType.join(" | ")} |`;
  });
  const majority = ofType(results, "labels").map((result) => result.majority as Tally);
  return [
    `### ${title}`,
    "",
    `${results.length} functions, ${cases} cases, exact match in %.`,
    "",
    `| | all | 95 % | labels (${counts[0]}) | text (${counts[1]}) | json (${counts[2]}) |`,
    "|---|---|---|---|---|---|",
    ...rows,
    `| the commonest label of the examples | | | ${percent(rate(majority))} | | |`,
    "",
    difference(results, "program", "base"),
    difference(results, "program", "shared"),
    difference(results, "program", "wrong"),
    difference(results, "program+examples", "base+examples"),
    difference(results, "program+examples", "shared+examples"),
    "",
    ...failures(results),
  ].join("\n");
}

function difference(
  results: readonly FunctionResult[],
  first: Configuration,
  second: Configuration,
): string {
  const [a, b] = [first, second].map((key) => results.map((result) => result.tallies[key]));
  const bounds = differenceInterval(a!, b!);
  const verdict = bounds[0] > 0 ? "better" : bounds[1] < 0 ? "worse" : "no difference shown";
  const points = (value: number) => `${value > 0 ? "+" : ""}${(100 * value).toFixed(1)}`;
  return `- ${first} − ${second}: ${points(rate(a!) - rate(b!))} points (95 %: ${bounds.map(points).join(" to ")}): ${verdict}`;
}

function failures(results: readonly FunctionResult[]): string[] {
  const lines = results.flatMap((result) =>
    Object.entries(result.failed).map(([key, why]) => `- ${result.id}, ${key}: ${why}`),
  );
  return lines.length === 0 ? [] : ["Counted as wrong because they failed:", ...lines, ""];
}

const ofType = (results: readonly FunctionResult[], type: string) =>
  results.filter((result) => result.type === type);
const percent = (share: number) => (Number.isNaN(share) ? "" : (100 * share).toFixed(1));
const interval = ([low, high]: [number, number]) => `${percent(low)}–${percent(high)}`;
