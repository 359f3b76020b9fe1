import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Example, JsonSchemaObject, OutputType } from "@fuzzc/program";
import { compactJson } from "./is-right.ts";

/** A function of the corpus; `corpus/README.md` describes the file format. */
export interface CorpusFunction {
  id: string;
  domain: string;
  category: string;
  output: { type: "enum" | "text" | "json"; schema?: JsonSchemaObject };
  variants: { spec: string; labels?: string[] }[];
  cases: [input: string, output: string][];
  /** Inputs that the function is not for. */
  near_misses?: string[];
}

/** One wording of a function, with its cases in that wording's labels. */
export interface Wording {
  function: CorpusFunction;
  spec: string;
  output: OutputType;
  cases: Example[];
}

export type Part = "train" | "validation" | "heldout";

/** Every function of the corpus, by file and line. */
export async function readCorpus(folder: string): Promise<CorpusFunction[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith(".jsonl")).sort();
  return (await Promise.all(files.map((name) => readFunctions(join(folder, name))))).flat();
}

/** The functions of one file, whose name is their domain. */
export async function readFunctions(file: string): Promise<CorpusFunction[]> {
  const lines = (await readFile(file, "utf8")).split("\n").filter((line) => line.trim() !== "");
  return lines.map((line) => ({ ...JSON.parse(line), domain: basename(file, ".jsonl") }));
}

/**
 * The split by function, as `split_corpus` in training/fuzzc_training/corpus.py makes it: in each
 * domain, by the SHA-256 of the id, a tenth held out, a twentieth for validation, the rest to train.
 */
export function splitCorpus(functions: readonly CorpusFunction[]): Record<Part, CorpusFunction[]> {
  const parts: Record<Part, CorpusFunction[]> = { train: [], validation: [], heldout: [] };
  const domains = [...new Set(functions.map((entry) => entry.domain))];
  for (const domain of domains) {
    const members = functions
      .filter((entry) => entry.domain === domain)
      .map((entry) => ({ entry, hash: createHash("sha256").update(entry.id).digest("hex") }))
      .sort((first, second) => (first.hash < second.hash ? -1 : 1))
      .map(({ entry }) => entry);
    const tenth = roundHalfEven(members.length / 10);
    const twentieth = roundHalfEven(members.length / 20);
    parts.heldout.push(...members.slice(0, tenth));
    parts.validation.push(...members.slice(tenth, tenth + twentieth));
    parts.train.push(...members.slice(tenth + twentieth));
  }
  return parts;
}

/** A function in its wording number `index` (counted on from the start when there are fewer). */
export function wordFunction(entry: CorpusFunction, index: number): Wording {
  const variant = entry.variants[index % entry.variants.length]!;
  const first = entry.variants[0]!.labels ?? [];
  const labels = variant.labels ?? [];
  const answer = (output: string) => {
    if (entry.output.type === "enum") {
      return labels[first.indexOf(output)]!;
    }
    return entry.output.type === "json" ? compactJson(output) : output;
  };
  return {
    function: entry,
    spec: variant.spec,
    output: outputType(entry, labels),
    cases: entry.cases.map(([input, output]) => ({ input, output: answer(output) })),
  };
}

function outputType({ output }: CorpusFunction, labels: string[]): OutputType {
  if (output.type === "enum") {
    return { type: "labels", labels };
  }
  if (output.type === "text") {
    return { type: "text" };
  }
  return output.schema === undefined ? { type: "json" } : { type: "json", schema: output.schema };
}

// Python's round(): half goes to the even neighbour.
function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest === 0.5 ? floor + (floor % 2) : Math.round(value);
}
