import { isDeepStrictEqual } from "node:util";
import type { Example, JsonValue, ProgramMeta } from "@fuzzc/program";
import { describeOutput } from "../describe-output.ts";
import { type DiffLine, diffLines } from "./diff-lines.ts";

/** A setting that differs; undefined where a program lacks it. */
export interface SettingDiff {
  /** As in meta.json: thresholds.min_probability. */
  key: string;
  a: JsonValue | undefined;
  b: JsonValue | undefined;
}

/** What two programs say of themselves and don't have in common. */
export interface MetaDiff {
  /** All lines of both; empty when they are the same. */
  spec: DiffLine[];
  output: { a: string; b: string } | undefined;
  /** Of the examples in the prompts. */
  examples: { onlyA: Example[]; onlyB: Example[]; reordered: boolean };
  settings: SettingDiff[];
}

/** Told on their own, or what anything else is told by. */
const toldElsewhere = ["program_id", "spec", "output", "examples"];

export function compareMeta(a: ProgramMeta, b: ProgramMeta): MetaDiff {
  const onlyA = without(a.examples, b.examples);
  const onlyB = without(b.examples, a.examples);
  const isSame = onlyA.length + onlyB.length === 0;
  return {
    spec: diffLines(a.spec.trim(), b.spec.trim()),
    output: isDeepStrictEqual(a.output, b.output)
      ? undefined
      : { a: describeOutput(a.output), b: describeOutput(b.output) },
    examples: { onlyA, onlyB, reordered: isSame && !isDeepStrictEqual(a.examples, b.examples) },
    settings: compareSettings(a, b),
  };
}

function without(examples: readonly Example[], others: readonly Example[]): Example[] {
  const known = new Set(others.map((example) => JSON.stringify(example)));
  return examples.filter((example) => !known.has(JSON.stringify(example)));
}

function compareSettings(a: ProgramMeta, b: ProgramMeta): SettingDiff[] {
  const [left, right] = [readSettings(a), readSettings(b)];
  return [...new Set([...left.keys(), ...right.keys()])]
    .map((key) => ({ key, a: left.get(key), b: right.get(key) }))
    .filter((setting) => !isDeepStrictEqual(setting.a, setting.b));
}

/** The leaves of meta.json by their dotted keys; lists are leaves. */
function readSettings(meta: ProgramMeta): Map<string, JsonValue> {
  const settings = new Map<string, JsonValue>();
  const add = (value: JsonValue, key: string) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      settings.set(key, value);
      return;
    }
    for (const [name, inner] of Object.entries(value)) {
      add(inner, `${key}.${name}`);
    }
  };
  for (const [key, value] of Object.entries(meta)) {
    if (!toldElsewhere.includes(key) && value !== undefined) {
      add(value as JsonValue, key);
    }
  }
  return settings;
}
