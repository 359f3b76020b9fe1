import { jsonrepair } from "jsonrepair";
import type { CorpusFunction } from "./corpus.ts";

/** Whether a function's job is to repair JSON. */
export const isJsonRepair = ({ category, output }: CorpusFunction): boolean =>
  category === "repair" && output.type === "json";

/** What the npm package jsonrepair makes of an input, as compact JSON; null when it gives up. */
export function repairJson(input: string): string | null {
  try {
    return JSON.stringify(JSON.parse(jsonrepair(input)));
  } catch {
    return null;
  }
}
