import { decodeCoefficients, FuzzError, type Program, readAdapter } from "@fuzzc/program";
import { adapterOf } from "../adapter-of.ts";
import { compareAdapters, type ScaledAdapter, type WeightChange } from "./compare-adapters.ts";

/** How far the weights of two programs are apart, or why that can't be said. */
export interface WeightsDiff {
  /** By layer and module; empty where neither has an adapter. */
  adapter: WeightChange[];
  /** Of each label that both have a prototype of: the cosine of the two. */
  prototypes: { label: string; cosine: number }[];
  notCompared?: string;
}

/** Compares adapters, those of thin programs rebuilt by their compiler, and prototypes. */
export async function compareWeights(a: Program, b: Program): Promise<WeightsDiff> {
  const same = a.meta.base.source_sha256 === b.meta.base.source_sha256;
  if (!same || (a.prototypes === undefined) !== (b.prototypes === undefined)) {
    return {
      adapter: [],
      prototypes: [],
      notCompared: "the programs are for different base models",
    };
  }
  const prototypes = comparePrototypes(a, b);
  try {
    const adapter = compareAdapters(await openAdapter(a), await openAdapter(b));
    return { adapter, prototypes };
  } catch (error) {
    if (!FuzzError.isInstance(error)) {
      throw error;
    }
    return { adapter: [], prototypes, notCompared: error.message };
  }
}

async function openAdapter(program: Program): Promise<ScaledAdapter | undefined> {
  const bytes = await adapterOf(program);
  if (bytes === null) {
    return undefined;
  }
  // Turning the rows of q and k by other heads than the base's changes no norm, as long as it is the same for both.
  const adapter = readAdapter(bytes, { headCounts: { heads: 1, kvHeads: 1 } });
  return { adapter, scale: program.meta.adapter.scale };
}

function comparePrototypes(a: Program, b: Program): WeightsDiff["prototypes"] {
  const [left, right] = [readPrototypes(a), readPrototypes(b)];
  return [...left].flatMap(([label, vector]) => {
    const other = right.get(label);
    return other === undefined ? [] : [{ label, cosine: cosine(vector, other) }];
  });
}

function readPrototypes({ meta, prototypes }: Program): Map<string, Float32Array> {
  if (prototypes === undefined || meta.output.type !== "labels") {
    return new Map();
  }
  const values = decodeCoefficients(prototypes);
  const size = meta.prototypes?.size ?? 0;
  return new Map(
    meta.output.labels.map((label, index) => [
      label,
      values.subarray(index * size, (index + 1) * size),
    ]),
  );
}

function cosine(a: Float32Array, b: Float32Array): number {
  const dot = (x: Float32Array, y: Float32Array) =>
    x.reduce((sum, value, index) => sum + value * (y[index] ?? 0), 0);
  return dot(a, b) / (Math.sqrt(dot(a, a) * dot(b, b)) || 1);
}
