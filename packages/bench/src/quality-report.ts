import { formatBar } from "./format-bar.ts";
import { differenceInterval, rate } from "./interval.ts";
import type { FunctionResult, ProgramName } from "./quality.ts";
import { programs } from "./quality.ts";
import {
  type Figure,
  type InSpecAreas,
  outputTypes,
  type QualitySummary,
  type Row,
  rowNames,
  rows,
  type Scores,
} from "./quality-summary.ts";

/** What the compiler is to reach; shares in %, leads in points. */
const bars = {
  area: 0.85,
  calibration: 0.1,
  labelsO0: 50,
  labelsO1: 58,
  overBase: 10,
  lead: 10,
};
const levels: Record<ProgramName, string> = { program: "-O0", "program+examples": "-O1" };

/** The tables of a quality run, as Markdown. Intervals are 95 %, by bootstrap over functions. */
export function formatQuality(summary: QualitySummary, results: readonly FunctionResult[]): string {
  const { title, functions, cases, all, byType } = summary;
  return [
    `### ${title}`,
    "",
    `${functions} functions, ${cases} cases, exact match in % (95 % interval).`,
    "",
    ...mainTable(all, byType),
    ...comparisons(results),
    "",
    ...jsonRepairTable(summary),
    ...groupTable("By category", summary.byCategory),
    ...groupTable("By domain", summary.byDomain),
    ...certaintyTable(summary),
    "### Bars",
    "",
    ...formatBars(summary, results),
    "",
    ...failures(results),
  ].join("\n");
}

function mainTable(all: Scores, byType: QualitySummary["byType"]): string[] {
  const types = outputTypes.filter((type) => byType[type] !== undefined);
  const columns = types.map((type) => `${type} (${byType[type]?.functions})`);
  const shown = rows.filter((row) => row !== "jsonrepair");
  return [
    `| | all | ${columns.join(" | ")} |`,
    `|---|---|${types.map(() => "---|").join("")}`,
    ...shown.map((row) => {
      const cells = [all[row], ...types.map((type) => byType[type]?.[row])];
      return `| ${rowNames[row]} (\`${row}\`) | ${cells.map(formatFigure).join(" | ")} |`;
    }),
    "",
  ];
}

function jsonRepairTable({ jsonRepair }: QualitySummary): string[] {
  if (jsonRepair === null) {
    return [];
  }
  const source = jsonRepair.generated
    ? "No held-out function of the corpus repairs JSON; these are of held-out generated families."
    : "Functions of the corpus.";
  return [
    `### Repair of JSON, ${jsonRepair.functions} functions`,
    "",
    source,
    "",
    "| | exact match |",
    "|---|---|",
    ...rows
      .filter((row) => jsonRepair[row] !== undefined)
      .map((row) => `| ${rowNames[row]} | ${formatFigure(jsonRepair[row])} |`),
    "",
  ];
}

function groupTable(title: string, groups: QualitySummary["byCategory"]): string[] {
  const columns = rows.filter((row) => row !== "jsonrepair");
  return [
    `### ${title}`,
    "",
    `| | functions | ${columns.join(" | ")} |`,
    `|---|---|${columns.map(() => "---|").join("")}`,
    ...Object.entries(groups).map(
      ([name, group]) =>
        `| ${name} | ${group.functions} | ${columns.map((row) => formatFigure(group[row])).join(" | ")} |`,
    ),
    "",
  ];
}

function certaintyTable({ calibrationError, inSpec }: QualitySummary): string[] {
  const lines = programs.flatMap((name) =>
    Object.entries(inSpec[name] ?? {}).map(([type, areas]) => {
      const [low, high] = areas.perFunction.interval;
      const cells = [areas.pooled, areas.others, areas.nearMisses].map((area) => area.toFixed(3));
      return `| ${levels[name]}, ${type} | ${areas.perFunction.value.toFixed(3)} (${low.toFixed(3)}–${high.toFixed(3)}) | ${cells.join(" | ")} |`;
    }),
  );
  return [
    "### Inputs outside the spec",
    "",
    "ROC area of own inputs against those of other functions and near misses.",
    "",
    "| | mean over functions (95 %) | one threshold for all | other functions only | near misses only |",
    "|---|---|---|---|---|",
    ...lines,
    "",
    ...withheldLine(inSpec["program+examples"]?.all),
    `Calibration error of the label probabilities (10 bins): ${programs
      .map((name) => `${levels[name]} ${calibrationError[name]?.toFixed(3)}`)
      .join(", ")}.`,
    "",
  ];
}

function withheldLine(areas: InSpecAreas | undefined): string[] {
  if (areas === undefined) {
    return [];
  }
  const { own, others, nearMisses } = areas.withheld;
  return [
    `With six examples, \`otherwise\` withholds ${percent(own)} % of own inputs, ${percent(others)} % of other functions' and ${percent(nearMisses)} % of near misses.`,
    "",
  ];
}

const compared: readonly [Row, Row][] = [
  ["program", "free"],
  ["program", "base"],
  ["program", "shared"],
  ["program", "wrong"],
  ["program+examples", "base+examples"],
  ["program+examples", "shared+examples"],
  ["program+examples", "tfidf"],
];

function comparisons(results: readonly FunctionResult[]): string[] {
  return compared.flatMap(([first, second]) => {
    const lead = compare(results, first, second);
    if (lead === undefined) {
      return [];
    }
    const verdict =
      lead.interval[0] > 0 ? "better" : lead.interval[1] < 0 ? "worse" : "no difference shown";
    const bounds = lead.interval.map(points).join(" to ");
    const where = lead.functions < results.length ? `, ${lead.functions} label functions` : "";
    return `- ${first} − ${second}${where}: ${points(lead.value)} points (95 %: ${bounds}): ${verdict}`;
  });
}

/** The lead of one row over another on the functions that have both. */
function compare(
  results: readonly FunctionResult[],
  first: Row,
  second: Row,
): (Figure & { functions: number }) | undefined {
  const pairs = results.flatMap(({ tallies }) => {
    const [a, b] = [tallies[first], tallies[second]];
    return a && b ? [{ a, b }] : [];
  });
  const [a, b] = [pairs.map((pair) => pair.a), pairs.map((pair) => pair.b)];
  return pairs.length === 0
    ? undefined
    : {
        value: rate(a) - rate(b),
        interval: differenceInterval(a, b),
        functions: pairs.length,
      };
}

function formatBars(summary: QualitySummary, results: readonly FunctionResult[]): string[] {
  const { all, byType, inSpec, calibrationError } = summary;
  const figure = (scores: Scores | undefined, row: Row) => scores?.[row]?.value ?? Number.NaN;
  const ratio = (row: Row) => figure(all, "program") / figure(all, row);
  const over = (row: Row) => compare(results, "program", row);
  const lead = compare(results, "program+examples", "base+examples");
  const labels = byType.labels;
  return [
    ...(["free", "base"] as const).map((row) =>
      formatBar(
        `the program against ${rowNames[row]} (\`${row}\`): ${percent(figure(all, "program"))} % against ${percent(figure(all, row))} %`,
        `at least ${bars.overBase} times`,
        ratio(row) >= bars.overBase,
      ),
    ),
    ...(["shared", "wrong"] as const).map((row) =>
      formatBar(
        `the program is ahead of ${rowNames[row]} by ${points(over(row)?.value ?? Number.NaN)} points`,
        "significantly",
        (over(row)?.interval[0] ?? 0) > 0,
      ),
    ),
    formatBar(
      `-O1 is ahead of the base with the same examples by ${points(lead?.value ?? Number.NaN)} points`,
      `at least ${bars.lead} points`,
      (lead?.value ?? 0) >= bars.lead / 100,
    ),
    formatBar(
      `label functions at -O0: ${percent(figure(labels, "program"))} %`,
      `at least ${bars.labelsO0} %`,
      figure(labels, "program") >= bars.labelsO0 / 100,
    ),
    formatBar(
      `label functions at -O1: ${percent(figure(labels, "program+examples"))} %`,
      `at least ${bars.labelsO1} %`,
      figure(labels, "program+examples") >= bars.labelsO1 / 100,
    ),
    ...programs.flatMap((name) => {
      const area = inSpec[name]?.all?.perFunction.value ?? Number.NaN;
      const error = calibrationError[name] ?? Number.NaN;
      return [
        formatBar(
          `ROC area of own inputs at ${levels[name]}: ${area.toFixed(3)}`,
          `at least ${bars.area}`,
          area >= bars.area,
        ),
        formatBar(
          `calibration error at ${levels[name]}: ${error.toFixed(3)}`,
          `at most ${bars.calibration}`,
          error <= bars.calibration,
        ),
      ];
    }),
  ];
}

function failures(results: readonly FunctionResult[]): string[] {
  const lines = results.flatMap((result) =>
    Object.entries(result.failed).map(([key, why]) => `- ${result.id}, ${key}: ${why}`),
  );
  return lines.length === 0 ? [] : ["Counted as wrong because they failed:", "", ...lines, ""];
}

function formatFigure(figure: Figure | undefined): string {
  return figure === undefined
    ? ""
    : `${percent(figure.value)} (${figure.interval.map(percent).join("–")})`;
}

const percent = (share: number) => (100 * share).toFixed(1);
const points = (value: number) => `${value > 0 ? "+" : ""}${(100 * value).toFixed(1)}`;
