import { minInSpec } from "@fuzzc/compiler";
import { calibrationError } from "./calibration-error.ts";
import { type Configuration, configurations, descriptions } from "./configurations.ts";
import type { BarGroup } from "./draw-bars.ts";
import { meanInterval, rate, rateInterval } from "./interval.ts";
import {
  type FunctionResult,
  type InSpecScores,
  type PlainWay,
  type ProgramName,
  plainWays,
  programs,
} from "./quality.ts";
import { rocArea } from "./roc-area.ts";

export const outputTypes = ["labels", "text", "json"] as const;
export type Row = Configuration | PlainWay;
export const rows: readonly Row[] = [...configurations, ...plainWays];
export const rowNames: Record<Row, string> = {
  ...descriptions,
  majority: "the commonest label of the examples",
  tfidf: "TF-IDF and logistic regression on the examples",
  jsonrepair: "the npm package jsonrepair",
};

/** A figure with its 95 % interval. */
export interface Figure {
  value: number;
  interval: [low: number, high: number];
}

/** A figure a row, of the functions that have it. */
export type Scores = Partial<Record<Row, Figure>>;

/** Areas under the ROC curve, own inputs against those outside the spec. */
export interface InSpecAreas {
  /** The mean over functions, each with its own threshold; what a program's calibrated threshold can use. */
  perFunction: Figure;
  /** All functions with one threshold. */
  pooled: number;
  /** The mean over functions, against inputs of other functions only, and against near misses only. */
  others: number;
  nearMisses: number;
  /** Shares of inputs that the product's threshold withholds. */
  withheld: { own: number; others: number; nearMisses: number };
}

/** All figures of a quality run; shares are from 0 to 1. */
export interface QualitySummary {
  title: string;
  functions: number;
  cases: number;
  all: Scores;
  byType: Record<string, Scores & { functions: number }>;
  byCategory: Record<string, Scores & { functions: number }>;
  byDomain: Record<string, Scores & { functions: number }>;
  /** Functions whose job is to repair JSON; generated ones where the corpus has too few. */
  jsonRepair: (Scores & { functions: number; generated: boolean }) | null;
  /** Of the label probabilities. */
  calibrationError: Partial<Record<ProgramName, number>>;
  /** By output type, and "all". */
  inSpec: Partial<Record<ProgramName, Record<string, InSpecAreas>>>;
}

/** @param repairs results of generated functions that repair JSON */
export function summariseQuality(
  results: readonly FunctionResult[],
  repairs: readonly FunctionResult[],
  title: string,
): QualitySummary {
  const own = results.filter(({ tallies }) => tallies.jsonrepair !== undefined);
  const repairing = repairs.length > 0 ? repairs : own;
  return {
    title,
    functions: results.length,
    cases: results.reduce((sum, { tallies }) => sum + tallies.base.total, 0),
    all: scoreRows(results, configurations),
    byType: groupScores(results, ({ type }) => type),
    byCategory: groupScores(results, ({ category }) => category),
    byDomain: groupScores(results, ({ domain }) => domain),
    jsonRepair:
      repairing.length === 0
        ? null
        : {
            ...scoreRows(repairing, rows),
            functions: repairing.length,
            generated: repairs.length > 0,
          },
    calibrationError: Object.fromEntries(
      programs.map((name) => [
        name,
        calibrationError(results.flatMap(({ claims }) => claims[name] ?? [])),
      ]),
    ),
    inSpec: Object.fromEntries(programs.map((name) => [name, measureAreas(results, name)])),
  };
}

/** The bars of the plot: all functions, then each output type. */
export function barGroups({ all, byType, functions }: QualitySummary): BarGroup[] {
  const types = outputTypes.flatMap((type) => {
    const scores = byType[type];
    return scores === undefined
      ? []
      : [{ title: `${type}, ${scores.functions} functions`, scores }];
  });
  return [{ title: `all ${functions} functions`, scores: all }, ...types].map(
    ({ title, scores }) => ({
      title,
      bars: rows.flatMap((row) => {
        const figure = scores[row];
        return figure === undefined
          ? []
          : [{ name: rowNames[row], share: figure.value, interval: figure.interval }];
      }),
    }),
  );
}

function groupScores(
  results: readonly FunctionResult[],
  nameGroup: (result: FunctionResult) => string,
): Record<string, Scores & { functions: number }> {
  const names = [...new Set(results.map(nameGroup))].sort();
  return Object.fromEntries(
    names.map((name) => {
      const group = results.filter((result) => nameGroup(result) === name);
      return [name, { ...scoreRows(group, rows), functions: group.length }];
    }),
  );
}

/** The rows that all of the functions have; a row of some would compare unlike things. */
function scoreRows(results: readonly FunctionResult[], wanted: readonly Row[]): Scores {
  const found = wanted.flatMap((row): [Row, Figure][] => {
    const tallies = results.flatMap(({ tallies }) => tallies[row] ?? []);
    return tallies.length < results.length || tallies.length === 0
      ? []
      : [[row, { value: rate(tallies), interval: rateInterval(tallies) }]];
  });
  return Object.fromEntries(found);
}

function measureAreas(
  results: readonly FunctionResult[],
  name: ProgramName,
): Record<string, InSpecAreas> {
  const groups = ["all", ...outputTypes].flatMap((type): [string, InSpecAreas][] => {
    const scores = results
      .filter((result) => type === "all" || result.type === type)
      .flatMap(({ inSpec }) => inSpec[name] ?? []);
    return scores.length === 0 ? [] : [[type, summariseAreas(scores)]];
  });
  return Object.fromEntries(groups);
}

/** The areas of some functions, and what the product withholds of their inputs. */
export function summariseAreas(scores: readonly InSpecScores[]): InSpecAreas {
  const outside = ({ others, nearMisses }: InSpecScores) => [...others, ...nearMisses];
  const areas = scores.map((one) => rocArea(one.own, outside(one)));
  return {
    perFunction: { value: mean(areas), interval: meanInterval(areas) },
    pooled: rocArea(
      scores.flatMap(({ own }) => own),
      scores.flatMap(outside),
    ),
    others: mean(scores.map(({ own, others }) => rocArea(own, others))),
    nearMisses: mean(scores.map(({ own, nearMisses }) => rocArea(own, nearMisses))),
    withheld: {
      own: shareBelow(scores.flatMap(({ own }) => own)),
      others: shareBelow(scores.flatMap(({ others }) => others)),
      nearMisses: shareBelow(scores.flatMap(({ nearMisses }) => nearMisses)),
    },
  };
}

const shareBelow = (scores: readonly number[]): number =>
  scores.filter((score) => score < minInSpec).length / scores.length;

function mean(values: readonly number[]): number {
  const known = values.filter((value) => !Number.isNaN(value));
  return known.reduce((sum, value) => sum + value, 0) / known.length;
}
